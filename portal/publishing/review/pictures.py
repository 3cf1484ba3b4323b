"""Pictures in the admin: what is said of one is part of each record that shows it."""

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from modeltranslation.admin import TranslationAdmin

from portal.files.admin import KeptAdmin
from portal.files.models import Picture
from portal.publishing import operations
from portal.publishing.choices import Status
from portal.publishing.dependencies import enqueue_refresh_of, lock_rows
from portal.publishing.models import Publishable
from portal.publishing.review import four_eyes
from portal.publishing.review.choices import ProposalState
from portal.publishing.review.uses import changes_naming, records_with, waiting_with

# What another person has looked at, or looks at, is not changed under their eyes.
_DECIDED = (Status.IN_REVIEW, Status.APPROVED, Status.PUBLISHED)


class PictureAdmin(TranslationAdmin, KeptAdmin):
    """While four eyes are asked for, words that are reviewed or public stay, and those
    that a waiting change is to show.

    Other ones are put in by a picture of the same file, in the form of the record.
    """

    list_display = ("__str__", "alternative_zh_hans", "alternative_en", "credit")
    list_select_related = ("file",)
    search_fields = ("file__name", "alternative_zh_hans", "alternative_en")
    autocomplete_fields = ("file",)
    readonly_fields = ("used_by",)

    def get_object(self, request, object_id, from_field=None):
        """A picture that is being saved is read under its lock: a change that is to
        show it comes wholly before that or after it."""
        picture = super().get_object(request, object_id, from_field)
        if picture is not None and request.method == "POST":
            # no_key: a record form that is being saved may refer to it meanwhile.
            locked = models.QuerySet(Picture).select_for_update(no_key=True)
            picture.refresh_from_db(from_queryset=locked)
            self.remember(request, picture)
        return picture

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        if not may or obj is None or not four_eyes.applies_to(request.user):
            return may
        # Asked many times for one form, and every waiting change is read for it.
        known = request.__dict__.setdefault("decided_pictures", {})
        if obj.pk not in known:
            known[obj.pk] = _is_decided(obj)
        return not known[obj.pk]

    def log_deletions(self, request, queryset):
        # Before the audit entry: a record form that refers to a picture may be waiting
        # to write one.
        locked = models.QuerySet(Picture).select_for_update()
        pks = [picture.pk for picture in queryset]
        list(locked.filter(pk__in=pks).order_by("pk").values_list("pk"))
        super().log_deletions(request, queryset)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not form.has_changed():
            return
        records = records_with(obj)
        lock_rows(records)
        for record in records:
            _lock_undecided(record, by=request.user)
            four_eyes.note_contribution(record, by=request.user)
        for record in waiting_with(obj):
            four_eyes.note_contribution(record, by=request.user)

    def write_history(self, request, obj, before):
        """Write the history, and only then look for records that show the picture."""
        super().write_history(request, obj, before)
        enqueue_refresh_of([obj], at=timezone.now())


def _lock_undecided(record: Publishable, *, by) -> None:
    """Lock ``record`` while the text of one of its pictures is saved.

    Raises PermissionDenied when it was submitted or approved since the form was opened.
    """
    operations.hold(record)
    if four_eyes.applies_to(by) and record.status in _DECIDED:
        raise PermissionDenied


def _is_decided(picture: Picture) -> bool:
    """Whether another person has looked at the words of ``picture``, or looks at them
    now."""
    return any(one.status in _DECIDED for one in records_with(picture)) or any(
        one.state == ProposalState.WAITING for one in changes_naming(picture)
    )
