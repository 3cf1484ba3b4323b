from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from portal.content.editing.admin import TimestampedAdmin
from portal.content.review.actions import apply_with_reason
from portal.content.review.proposal_differences import has_model_permission
from portal.core.audit import operations as audit
from portal.reference.people import operations
from portal.reference.people.forms import ErasureForm, PersonForm
from portal.reference.people.models import Person


@admin.register(Person)
class PersonAdmin(TimestampedAdmin):
    form = PersonForm
    list_display = ("__str__", "rank", "organ", "country")
    list_filter = ("country",)
    list_select_related = ("organ", "country")
    search_fields = ("name_latin_key__named", "name_own_key__named")
    autocomplete_fields = ("organ", "country")
    readonly_fields = ("erased_at",)
    actions = ("erase",)

    def has_change_permission(self, request, obj=None):
        """Deny changes to people who have been erased."""
        is_erased = obj is not None and obj.erased_at is not None
        return not is_erased and super().has_change_permission(request, obj)

    def has_erase_permission(self, request) -> bool:
        return has_model_permission(request.user, "erase", Person)

    def get_search_results(self, request, queryset, search_term):
        """Leave erased people out of the results of autocomplete fields."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.not_erased()
        return super().get_search_results(request, queryset, search_term)

    def log_deletions(self, request, queryset):
        """Log the deletion and erase the person's data from the audit log.

        Once the row is deleted, the data could not be erased from the audit log any
        more.
        """
        people = list(queryset)
        super().log_deletions(request, people)
        for person in people:
            subject, at = person.personal_subject, timezone.now()
            audit.erase_personal_values(subject, by=request.user, at=at)

    @admin.action(
        description=gettext_lazy("Delete personal data permanently (reason required)"),
        permissions=["erase"],
    )
    def erase(self, request, queryset):
        return apply_with_reason(
            self,
            request,
            queryset,
            operations.erase_person,
            action="erase",
            describe=_describe_erasures,
            form_class=ErasureForm,
        )


def _describe_erasures(people) -> list[str]:
    text = ngettext(
        "The data of %(count)s person was erased.",
        "The data of %(count)s people was erased.",
        len(people),
    )
    return [text % {"count": len(people)}]
