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
from portal.directory.finding import SEARCHED, organs_found
from portal.directory.forms import OrganForm
from portal.directory.models import Country, NameChange, NamedParty, Organ, Place, Topic
from portal.directory.renaming import todo as renaming_todo
from portal.directory.renaming.admin import NameChangeAdmin, RenamedAdmin
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
renaming_todo.register()
admin.site.register(NameChange, NameChangeAdmin)


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    title_field = "name"
    search_fields = ("name_keys__named", "iso2")
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


class NameAdmin(RenamedAdmin, TranslationAdmin, StampedAdmin):
    """Names that records use, under a key that never changes."""

    search_fields = ("name_keys__named", "key")

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()


@admin.register(Place)
class PlaceAdmin(NameAdmin):
    list_display = ("key", "name_zh_hans", "name_en", "country", "time_zone")
    list_filter = ("country",)
    list_select_related = ("country",)
    autocomplete_fields = ("country",)


@admin.register(Topic)
class TopicAdmin(NameAdmin):
    list_display = ("key", "name_zh_hans", "name_en")


@admin.register(NamedParty)
class NamedPartyAdmin(SpreadsheetMixin, RenamedAdmin):
    """Parties by the name that a source gives them."""

    list_display = ("name", "country")
    list_filter = ("country",)
    list_select_related = ("country",)
    search_fields = ("name_keys__named",)
    autocomplete_fields = ("country",)
