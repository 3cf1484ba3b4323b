from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy

from portal.history import operations as history
from portal.people import operations
from portal.people.forms import ErasureForm, PersonForm
from portal.people.models import Person
from portal.publishing.admin import StampedAdmin
from portal.publishing.review.actions import with_reason
from portal.publishing.review.reading import may


@admin.register(Person)
class PersonAdmin(StampedAdmin):
    form = PersonForm
    list_display = ("__str__", "rank", "organ", "country")
    list_filter = ("country",)
    list_select_related = ("organ", "country")
    search_fields = ("name_latin_key__named", "name_own_key__named")
    autocomplete_fields = ("organ", "country")
    readonly_fields = ("erased_at",)
    actions = ("erase",)

    def has_change_permission(self, request, obj=None):
        """Nothing is written about somebody who was erased."""
        is_erased = obj is not None and obj.erased_at is not None
        return not is_erased and super().has_change_permission(request, obj)

    def has_erase_permission(self, request) -> bool:
        return may(request.user, "erase", Person)

    def get_search_results(self, request, queryset, search_term):
        """Where a person is chosen, somebody who was erased is not."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.known()
        return super().get_search_results(request, queryset, search_term)

    def log_deletions(self, request, queryset):
        """Who is deleted goes from the history too: nobody could erase them later."""
        people = list(queryset)
        super().log_deletions(request, people)
        for person in people:
            subject, at = person.personal_subject, timezone.now()
            history.erase(subject, by=request.user, at=at)

    @admin.action(
        description=gettext_lazy("Erase for good, with a reason"), permissions=["erase"]
    )
    def erase(self, request, queryset):
        return with_reason(
            self, request, queryset, operations.erase, form_class=ErasureForm
        )
