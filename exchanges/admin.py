from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from modeltranslation.admin import TranslationStackedInline

from exchanges.dashboard_widgets import WIDGETS
from exchanges.models import (
    AgendaItem,
    AgreedAction,
    CoordinationRequest,
    Mechanism,
    Meeting,
)
from portal.content.editing.admin import RecordAdmin, TimestampedAdmin
from portal.content.editing.link_roles import LinkRole
from portal.content.editing.sections import Section
from portal.content.editing.translator_admin import ChildInline
from portal.core.accounts import dashboard
from portal.core.translations.localized_text import get_active_language
from portal.reference.directory.record_titles import record_title

for widget in WIDGETS:
    dashboard.register_widget(widget)


@admin.register(Mechanism)
class MechanismAdmin(RecordAdmin):
    title_field = "name"
    list_filter = ("mechanism_kind", "state", "other_country")
    sections = {
        Section.WHAT_AND_WHEN: (
            "key",
            "name",
            "mechanism_kind",
            "state",
            "since",
            "date_precision",
            "rhythm_months",
        ),
        Section.PEOPLE_AND_PLACES: (
            "other_country",
            "side_a_organs",
            "side_a_parties",
            "side_b_organs",
            "side_b_parties",
            "coordination_requests_link",
        ),
        Section.FILES_AND_SOURCES: ("legal_basis",),
        Section.FROM_SOURCES: ("name_zh_basis",),
    }
    link_roles = (
        LinkRole(
            pgettext_lazy("role in border liaison", "Chinese side"),
            ("side_a_organs", "side_a_parties"),
        ),
        LinkRole(
            pgettext_lazy("role in border liaison", "Other side"),
            ("side_b_organs", "side_b_parties"),
        ),
    )
    search_fields = ("name_keys__named", "key")
    readonly_fields = ("coordination_requests_link",)
    revealed_models = {"coordination_requests_link": CoordinationRequest}
    autocomplete_fields = (
        "side_a_organs",
        "side_a_parties",
        "side_b_organs",
        "side_b_parties",
        "other_country",
        "legal_basis",
    )

    def get_content_columns(self):
        return [*super().get_content_columns(), "mechanism_kind", "since", "state"]

    @admin.display(description=_("recorded requests"))
    def coordination_requests_link(self, obj):
        """Return a link to the mechanism's coordination requests, with their number."""
        if obj.pk is None:
            return "–"
        count = obj.coordination_requests.count()
        label = ngettext("%(count)s request", "%(count)s requests", count)
        url = reverse("admin:exchanges_coordinationrequest_changelist")
        return format_html(
            '<a href="{}?mechanism__id__exact={}">{}</a>',
            url,
            obj.pk,
            label % {"count": count},
        )


class AgendaItemInline(ChildInline, TranslationStackedInline):
    model = AgendaItem
    section = Section.PROGRAMME
    extra = 0


class AgreedActionInline(ChildInline, TranslationStackedInline):
    model = AgreedAction
    section = Section.PROGRAMME
    extra = 0
    autocomplete_fields = ("responsible_organ", "evidence")


@admin.register(Meeting)
class MeetingAdmin(RecordAdmin):
    title_field = ""
    list_filter = ("state", "mechanism", "other_country")
    sections = {
        Section.WHAT_AND_WHEN: (
            "code",
            "mechanism",
            "series_number",
            "title",
            "state",
            "starts_on",
            "ends_on",
            "date_precision",
            "topics",
        ),
        Section.PEOPLE_AND_PLACES: (
            "host_country",
            "other_country",
            "host_organs",
            "places",
            "organs_cn",
            "parties_cn",
            "organs_other",
            "parties_other",
        ),
        Section.TEXTS: ("outcome",),
        Section.FILES_AND_SOURCES: ("outcome_document",),
        Section.FROM_SOURCES: (
            "title_zh_basis",
            "mechanism_as_recorded",
            "place_as_recorded",
            "organs_cn_as_recorded",
            "organs_other_as_recorded",
        ),
    }
    link_roles = (
        LinkRole(pgettext_lazy("role in border liaison", "Host"), ("host_organs",)),
        LinkRole(pgettext_lazy("role in border liaison", "Place"), ("places",)),
        LinkRole(
            pgettext_lazy("role in border liaison", "Chinese side"),
            ("organs_cn", "parties_cn"),
        ),
        LinkRole(
            pgettext_lazy("role in border liaison", "Other side"),
            ("organs_other", "parties_other"),
        ),
    )
    search_fields = ("name_keys__named", "code")
    autocomplete_fields = (
        "mechanism",
        "places",
        "host_country",
        "host_organs",
        "organs_cn",
        "parties_cn",
        "organs_other",
        "parties_other",
        "other_country",
        "topics",
        "outcome_document",
    )
    inlines = (AgendaItemInline, AgreedActionInline, *RecordAdmin.inlines)

    def get_list_select_related(self, request):
        return ("updated_by", "other_country")

    def get_content_columns(self):
        return ["display_title", "starts_on", "state"]

    @admin.display(description=_("name"))
    def display_title(self, obj):
        countries = (obj.other_country,)
        return record_title(obj, get_active_language(), countries, only_public=False)


@admin.register(CoordinationRequest)
class CoordinationRequestAdmin(TimestampedAdmin):
    list_display = (
        "mechanism",
        "direction",
        "request_kind",
        "received_on",
        "answered_on",
        "result",
    )
    list_filter = ("mechanism", "direction", "request_kind", "result")
    list_select_related = ("mechanism",)
    search_fields = ("mechanism__name_keys__named", "mechanism__key")
    autocomplete_fields = ("mechanism",)
    date_hierarchy = "received_on"
