from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from delegations.models import Member, Stop, Visit
from portal.directory.naming import name_of
from portal.publishing.admin import RecordAdmin, StampedAdmin
from portal.publishing.translating import PartInline
from portal.translations.shown import reader_language

# How many visits a filter offers, the latest first; search finds the others.
_OFFERED = 50


class StopInline(PartInline, TranslationStackedInline):
    model = Stop
    extra = 0
    autocomplete_fields = ("place", "organ")


@admin.register(Visit)
class VisitAdmin(RecordAdmin):
    title_field = ""
    list_filter = ("direction", "scope", "state", "from_country", "to_country")
    search_fields = ("name_keys__named", "code")
    readonly_fields = ("members_on_record",)
    tells_of = {"members_on_record": Member}
    autocomplete_fields = (
        "from_organs",
        "from_parties",
        "from_country",
        "to_organs",
        "to_parties",
        "to_country",
        "places",
        "topics",
        "meeting",
        "outcome_document",
    )
    inlines = (StopInline, *RecordAdmin.inlines)

    def get_list_select_related(self, request):
        return ("updated_by", "from_country", "to_country")

    def list_columns(self):
        return ["named", "direction", "starts_on", "state"]

    @admin.display(description=_("name"))
    def named(self, obj):
        countries = (obj.from_country, obj.to_country)
        return name_of(obj, reader_language(), countries, only_public=False)

    @admin.display(description=_("members on record"))
    def members_on_record(self, obj):
        """The way to the members of the delegation, who are no part of its form."""
        if obj.pk is None:
            return "–"
        count = obj.members.count()
        told = ngettext("%(count)s member", "%(count)s members", count)
        url = reverse("admin:delegations_member_changelist")
        return format_html(
            '<a href="{}?visit__id__exact={}">{}</a>',
            url,
            obj.pk,
            told % {"count": count},
        )


class VisitFilter(admin.RelatedFieldListFilter):
    """The latest visits by code; nothing else of them is read."""

    def field_choices(self, field, request, model_admin):
        latest = Visit.objects.order_by("-sort_on", "-pk")
        return list(latest.values_list("pk", "code")[:_OFFERED])


@admin.register(Member)
class MemberAdmin(TranslationAdmin, StampedAdmin):
    list_display = ("person", "visit_code", "office", "is_head")
    list_filter = (("visit", VisitFilter), "is_head", "person__country")
    list_select_related = ("person", "visit")
    search_fields = (
        "person__name_latin_key__named",
        "person__name_own_key__named",
        "=visit__code",
    )
    autocomplete_fields = ("visit", "person")
    ordering = ("-visit__sort_on", "-visit", "-is_head", "pk")

    @admin.display(description=_("visit"), ordering="visit__code")
    def visit_code(self, obj):
        return obj.visit.code
