"""Pictures in the admin: what is said of one is part of each record that shows it."""

from django.utils import timezone
from modeltranslation.admin import TranslationAdmin

from portal.files.admin import KeptAdmin
from portal.files.models import Picture
from portal.publishing import operations
from portal.publishing.choices import Status
from portal.publishing.models import Publishable
from portal.publishing.review import four_eyes

# What another person has looked at, or looks at, is not changed under their eyes.
_DECIDED = (Status.IN_REVIEW, Status.APPROVED, Status.PUBLISHED)


class PictureAdmin(TranslationAdmin, KeptAdmin):
    """While four eyes are asked for, words that are reviewed or public stay.

    Other ones are put in by a picture of the same file, in the form of the record.
    """

    list_display = ("__str__", "alternative_zh_hans", "alternative_en", "credit")
    list_select_related = ("file",)
    search_fields = ("file__name", "alternative_zh_hans", "alternative_en")
    autocomplete_fields = ("file",)
    readonly_fields = ("used_by",)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        if obj is None or not four_eyes.applies_to(request.user):
            return may
        return may and not any(one.status in _DECIDED for one in records_with(obj))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not form.has_changed():
            return
        for record in records_with(obj):
            four_eyes.note_contribution(record, by=request.user)
            operations.retell(record, at=timezone.now())


def records_with(picture: Picture) -> list[Publishable]:
    """The records that show ``picture``, whatever their state."""
    shown = picture.illustrations.prefetch_related("record")
    return [one.record for one in shown if one.record]
