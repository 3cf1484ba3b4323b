from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from delegations.models import Member, Stop, Visit
from portal.content.editing.admin import RecordAdmin, TimestampedAdmin
from portal.content.editing.link_roles import LinkRole
from portal.content.editing.sections import Section
from portal.content.editing.translator_admin import ChildInline
from portal.core.translations.localized_text import get_active_language
from portal.reference.directory.record_titles import record_title

# Maximum number of visits offered by a filter, latest first; the search finds all.
_MAX_FILTER_CHOICES = 50


class StopInline(ChildInline, TranslationStackedInline):
    model = Stop
    section = Section.PROGRAMME
    extra = 0
    autocomplete_fields = ("place", "organ")


@admin.register(Visit)
class VisitAdmin(RecordAdmin):
    title_field = ""
    list_filter = ("direction", "scope", "state", "from_country", "to_country")
    sections = {
        Section.WHAT_AND_WHEN: (
            "code",
            "title",
            "direction",
            "scope",
            "purpose_kind",
            "state",
            "starts_on",
            "ends_on",
            "date_precision",
            "meeting",
            "topics",
        ),
        Section.PEOPLE_AND_PLACES: (
            "from_country",
            "to_country",
            "from_organs",
            "from_parties",
            "to_organs",
            "to_parties",
            "places",
            "head_count",
            "members_link",
        ),
        Section.TEXTS: ("summary", "purpose", "outcome"),
        Section.FILES_AND_SOURCES: ("outcome_document",),
        Section.FROM_SOURCES: (
            "from_as_recorded",
            "to_as_recorded",
            "place_as_recorded",
        ),
    }
    link_roles = (
        LinkRole(
            pgettext_lazy("role in a visit", "Sender"), ("from_organs", "from_parties")
        ),
        LinkRole(
            pgettext_lazy("role in a visit", "Receiver"), ("to_organs", "to_parties")
        ),
        LinkRole(pgettext_lazy("role in a visit", "Place"), ("places",)),
    )
    search_fields = ("name_keys__named", "code")
    readonly_fields = ("members_link",)
    revealed_models = {"members_link": Member}
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

    def get_content_columns(self):
        return ["display_title", "direction", "starts_on", "state"]

    @admin.display(description=_("name"))
    def display_title(self, obj):
        countries = (obj.from_country, obj.to_country)
        return record_title(obj, get_active_language(), countries, only_public=False)

    @admin.display(description=_("recorded members"))
    def members_link(self, obj):
        """Return a link to the members of the delegation, with their number.

        Members have their own admin pages; they are not edited in the visit's form.
        """
        if obj.pk is None:
            return "–"
        count = obj.members.count()
        label = ngettext("%(count)s member", "%(count)s members", count)
        url = reverse("admin:delegations_member_changelist")
        return format_html(
            '<a href="{}?visit__id__exact={}">{}</a>',
            url,
            obj.pk,
            label % {"count": count},
        )


class RecentVisitFilter(admin.RelatedFieldListFilter):
    """Admin filter that offers the codes of the latest visits."""

    def field_choices(self, field, request, model_admin):
        latest = Visit.objects.order_by("-sort_on", "-pk")
        return list(latest.values_list("pk", "code")[:_MAX_FILTER_CHOICES])


@admin.register(Member)
class MemberAdmin(TranslationAdmin, TimestampedAdmin):
    list_display = ("person", "visit_code", "office", "is_head")
    list_filter = (("visit", RecentVisitFilter), "is_head", "person__country")
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
