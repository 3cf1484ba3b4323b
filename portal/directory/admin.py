import datetime as dt

from django.contrib import admin
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from portal.accounts import todo
from portal.accounts.todo import Box, Task
from portal.directory import operations
from portal.directory.finding import SEARCHED, organs_found
from portal.directory.forms import OrganForm
from portal.directory.models import Country, NamedParty, Organ, Place, Topic
from portal.history.admin import RememberedAdmin
from portal.publishing.admin import RecordAdmin, StampedAdmin
from portal.publishing.spreadsheets.lists import SpreadsheetMixin

# A country's page is to be read again after so long.
_REVIEWED_WITHIN = dt.timedelta(days=365)


def _to_be_reviewed(user, at, limit: int) -> list[Task]:
    """Published countries whose page nobody has read again for a year."""
    if not user.has_perm("directory.change_country"):
        return []
    since = timezone.localdate(at) - _REVIEWED_WITHIN
    found = Country.objects.published(at).not_reviewed_since(since)
    ordered = found.order_by(F("reviewed_on").asc(nulls_first=True), "iso2")
    return [_review_task(country) for country in ordered[:limit]]


def _review_task(country: Country) -> Task:
    url = reverse("admin:directory_country_change", args=[country.pk])
    if country.reviewed_on is None:
        return Task(str(country), url, gettext("never reviewed"))
    day = date_format(country.reviewed_on, "SHORT_DATE_FORMAT")
    return Task(str(country), url, gettext("reviewed on %(day)s") % {"day": day})


todo.register(Box("countries", _("Pages not reviewed for a year"), _to_be_reviewed))


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    title_field = "name"
    search_fields = ("iso2", "name_en", "name_zh_hans")
    ordering = ("display_order", "iso2")

    def list_columns(self):
        return [*super().list_columns(), "joined_asean_on"]


@admin.register(Organ)
class OrganAdmin(RecordAdmin):
    title_field = "name"
    list_filter = ("level", "country")
    form = OrganForm
    search_fields = SEARCHED
    autocomplete_fields = ("country", "parent", "place")

    def get_list_select_related(self, request):
        return ("updated_by", "country")

    def list_columns(self):
        return [*super().list_columns(), "country", "level"]

    def get_search_results(self, request, queryset, search_term):
        """In lists and where an organ is chosen, in whatever script one types."""
        if not search_term.strip():
            return queryset, False
        return organs_found(queryset, search_term), False


class UsedAdmin(RememberedAdmin):
    """Rows that records point to: what any record uses cannot be deleted."""

    def has_delete_permission(self, request, obj=None):
        if obj is not None and operations.is_used(obj):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class NameAdmin(UsedAdmin, TranslationAdmin, StampedAdmin):
    """Names that records use: published records that use them are told anew."""

    search_fields = ("key", "name_en", "name_zh_hans")

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and form.has_changed():
            operations.name_changed(obj, at=obj.updated_at)


@admin.register(Place)
class PlaceAdmin(NameAdmin):
    list_display = ("key", "name_zh_hans", "name_en", "country", "time_zone")
    list_filter = ("country",)
    list_select_related = ("country",)
    search_fields = ("key", "name_en", "name_zh_hans", "name_local")
    autocomplete_fields = ("country",)


@admin.register(Topic)
class TopicAdmin(NameAdmin):
    list_display = ("key", "name_zh_hans", "name_en")


@admin.register(NamedParty)
class NamedPartyAdmin(SpreadsheetMixin, UsedAdmin):
    """A party keeps the name that a source gave it; another name is another party."""

    list_display = ("name", "country")
    list_filter = ("country",)
    list_select_related = ("country",)
    search_fields = ("name",)
    autocomplete_fields = ("country",)

    def get_readonly_fields(self, request, obj=None):
        return ("name", "country") if obj else ()
