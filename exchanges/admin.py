from textwrap import shorten

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline

from exchanges.models import (
    AgendaItem,
    AgreedAction,
    CoordinationRequest,
    Mechanism,
    Meeting,
)
from portal.accounts import todo
from portal.accounts.todo import Box, Task
from portal.directory.naming import name_of
from portal.publishing.admin import RecordAdmin, StampedAdmin
from portal.publishing.translating import PartInline
from portal.translations.shown import reader_language, shown


def _due(user, at, limit: int) -> list[Task]:
    """Actions of meetings that are due; who may change meetings sees to them."""
    if not user.has_perm("exchanges.change_meeting"):
        return []
    due = AgreedAction.objects.due(timezone.localdate(at)).select_related("meeting")
    return [_task(action) for action in due.order_by("due_on", "pk")[:limit]]


def _task(action: AgreedAction) -> Task:
    url = reverse("admin:exchanges_meeting_change", args=[action.meeting_id])
    text = shown(action, "text", reader_language())
    return Task(
        name=f"{action.meeting.code} {shorten(str(text or ''), 80, placeholder='…')}",
        url=url,
        note=gettext("due on %(day)s")
        % {"day": date_format(action.due_on, "SHORT_DATE_FORMAT")},
    )


todo.register(Box("actions", _("Agreed actions that are due"), _due))


@admin.register(Mechanism)
class MechanismAdmin(RecordAdmin):
    title_field = "name"
    list_filter = ("mechanism_kind", "state", "other_country")
    search_fields = ("name_keys__named", "key")
    readonly_fields = ("requests_on_record",)
    tells_of = {"requests_on_record": CoordinationRequest}
    autocomplete_fields = (
        "side_a_organs",
        "side_a_parties",
        "side_b_organs",
        "side_b_parties",
        "other_country",
        "legal_basis",
    )

    def list_columns(self):
        return [*super().list_columns(), "mechanism_kind", "since", "state"]

    @admin.display(description=_("requests on record"))
    def requests_on_record(self, obj):
        """The way to the requests that passed under the mechanism."""
        if obj.pk is None:
            return "–"
        count = obj.coordination_requests.count()
        told = ngettext("%(count)s request", "%(count)s requests", count)
        url = reverse("admin:exchanges_coordinationrequest_changelist")
        return format_html(
            '<a href="{}?mechanism__id__exact={}">{}</a>',
            url,
            obj.pk,
            told % {"count": count},
        )


class AgendaItemInline(PartInline, TranslationStackedInline):
    model = AgendaItem
    extra = 0


class AgreedActionInline(PartInline, TranslationStackedInline):
    model = AgreedAction
    extra = 0
    autocomplete_fields = ("responsible_organ", "evidence")


@admin.register(Meeting)
class MeetingAdmin(RecordAdmin):
    title_field = ""
    list_filter = ("state", "mechanism", "other_country")
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

    def list_columns(self):
        return ["named", "starts_on", "state"]

    @admin.display(description=_("name"))
    def named(self, obj):
        countries = (obj.other_country,)
        return name_of(obj, reader_language(), countries, only_public=False)


@admin.register(CoordinationRequest)
class CoordinationRequestAdmin(StampedAdmin):
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
