import datetime as dt

from django.contrib import admin
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from portal.content.editing.admin import RecordAdmin, TimestampedAdmin
from portal.content.editing.sections import Section
from portal.content.spreadsheets.changelist_mixin import SpreadsheetAdminMixin
from portal.core.accounts import dashboard
from portal.core.accounts.dashboard import (
    DashboardItem,
    DashboardWidget,
    WidgetPosition,
)
from portal.core.translations.dates import format_day
from portal.core.translations.localized_text import get_active_language
from portal.reference.directory.forms import NamedPartyForm, OrganForm
from portal.reference.directory.models import (
    Country,
    NameChange,
    NamedParty,
    Organ,
    Place,
    Topic,
)
from portal.reference.directory.organ_search import SEARCH_FIELDS, search_organs
from portal.reference.directory.renaming import dashboard as name_change_dashboard
from portal.reference.directory.renaming.admin import NameChangeAdmin, RenamedAdmin

# Interval after which the page of a country should be reviewed again.
_REVIEW_INTERVAL = dt.timedelta(days=365)


def _countries_to_review(user, at, limit: int) -> list[DashboardItem]:
    """Return dashboard items for published countries that need a review.

    These are countries whose page has not been reviewed for a year. Users without
    permission to change countries get none.
    """
    if not user.has_perm("directory.change_country"):
        return []
    since = timezone.localdate(at) - _REVIEW_INTERVAL
    countries = Country.objects.published(at).not_reviewed_since(since)
    ordered = countries.order_by(F("reviewed_on").asc(nulls_first=True), "iso2")
    return [_review_item(country) for country in ordered[:limit]]


def _review_item(country: Country) -> DashboardItem:
    url = reverse("admin:directory_country_change", args=[country.pk])
    if country.reviewed_on is None:
        return DashboardItem(str(country), url, gettext("not reviewed yet"))
    day = format_day(country.reviewed_on, get_active_language())
    return DashboardItem(
        str(country), url, gettext("last reviewed on %(day)s") % {"day": day}
    )


dashboard.register_widget(
    DashboardWidget(
        "countries",
        _("Pages not reviewed in the last year"),
        WidgetPosition.DUE,
        hint=_("Check the facts about the country, and enter the day of the check."),
        get_items=_countries_to_review,
    )
)
dashboard.register_source(name_change_dashboard.name_change_items)
admin.site.register(NameChange, NameChangeAdmin)


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    title_field = "name"
    sections = {
        Section.WHAT_AND_WHEN: (
            "iso2",
            "name",
            "joined_asean_on",
            "national_languages",
            "reviewed_on",
        ),
        Section.TEXTS: ("prosecution_system", "prosecution_system_reviewed_on"),
        Section.PUBLISHING: ("display_order",),
    }
    search_fields = ("name_keys__named", "iso2")
    ordering = ("display_order", "iso2")

    def get_content_columns(self):
        return [*super().get_content_columns(), "joined_asean_on"]


@admin.register(Organ)
class OrganAdmin(RecordAdmin):
    title_field = "name"
    list_filter = ("level", "country")
    form = OrganForm
    sections = {
        Section.WHAT_AND_WHEN: (
            "key",
            "name",
            "name_native",
            "native_language",
            "level",
            "parent",
            "established_on",
            "date_precision",
            "website",
        ),
        Section.PEOPLE_AND_PLACES: ("country", "place", "area"),
        Section.FROM_SOURCES: (
            "name_zh_basis",
            "is_name_formed",
            "seat_as_recorded",
        ),
        Section.PUBLISHING: ("display_order", "confirmed_duplicates"),
    }
    search_fields = SEARCH_FIELDS
    autocomplete_fields = ("country", "parent", "place", "area")

    def get_list_select_related(self, request):
        return ("updated_by", "country")

    def get_content_columns(self):
        return [*super().get_content_columns(), "country", "level"]

    def get_search_results(self, request, queryset, search_term):
        """Search organs in any script, in changelists and in autocomplete fields."""
        if not search_term.strip():
            return queryset, False
        return search_organs(queryset, search_term), False


class SharedNameAdmin(RenamedAdmin, TranslationAdmin, TimestampedAdmin):
    """Admin of shared names, which records refer to by a key that never changes."""

    search_fields = ("name_keys__named", "key")

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()


@admin.register(Place)
class PlaceAdmin(SharedNameAdmin):
    list_display = ("key", "name_zh_hans", "name_en", "country", "time_zone")
    list_filter = ("country",)
    list_select_related = ("country",)
    autocomplete_fields = ("country",)


@admin.register(Topic)
class TopicAdmin(SharedNameAdmin):
    list_display = ("key", "name_zh_hans", "name_en")


@admin.register(NamedParty)
class NamedPartyAdmin(SpreadsheetAdminMixin, RenamedAdmin, TranslationAdmin):
    """Admin of parties that are identified by the name given in a source.

    Name and country are the key, which never changes; visitors read the name for
    readers.
    """

    form = NamedPartyForm
    list_display = ("name", "display_name_zh_hans", "country")
    list_filter = ("country",)
    list_select_related = ("country",)
    search_fields = ("name_keys__named",)
    autocomplete_fields = ("country", "area")

    def get_readonly_fields(self, request, obj=None):
        return ("name", "country") if obj else ()
