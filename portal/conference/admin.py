from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltranslation.admin import TranslationStackedInline

from portal.conference.forms import EditionDelegationForm
from portal.conference.models import (
    Article,
    Document,
    Edition,
    EditionDelegation,
    Page,
    Paragraph,
)
from portal.content.editing.admin import RecordAdmin
from portal.content.editing.link_roles import LinkRole
from portal.content.editing.sections import Section
from portal.content.editing.translator_admin import ChildInline
from portal.content.review.proposal_form import get_stored_values
from portal.core.translations.localized_text import get_active_language
from portal.reference.directory.record_titles import record_title


class EditionDelegationInline(ChildInline, TranslationStackedInline):
    model = EditionDelegation
    form = EditionDelegationForm
    section = Section.PEOPLE_AND_PLACES
    extra = 0
    autocomplete_fields = ("country", "organ")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        stored_rows = get_stored_values(request, "delegations")
        if stored_rows is not None:
            formset.form.stored_codes = {
                pk: values["code"] for pk, values in stored_rows.items()
            }
        return formset


@admin.register(Edition)
class EditionAdmin(RecordAdmin):
    title_field = ""
    list_filter = ("state", "host_country")
    sections = {
        Section.WHAT_AND_WHEN: (
            "number",
            "title",
            "name_order",
            "state",
            "starts_on",
            "ends_on",
            "date_precision",
            "theme",
            "topics",
        ),
        Section.PEOPLE_AND_PLACES: (
            "host_country",
            "host_organs",
            "host_parties",
            "organiser_organs",
            "organiser_parties",
            "co_organiser_organs",
            "co_organiser_parties",
            "places",
            "participants",
            "participants_qualifier",
        ),
        Section.TEXTS: ("summary",),
        Section.FILES_AND_SOURCES: ("outcome_document",),
        Section.FROM_SOURCES: (
            "title_zh_basis",
            "title_zh_other",
            "theme_zh_basis",
            "theme_en_basis",
            "theme_other",
            "theme_other_language",
            "host_as_recorded",
            "co_organiser_as_recorded",
            "city_as_recorded",
            "outcome_as_recorded",
        ),
    }
    link_roles = (
        LinkRole(
            pgettext_lazy("role in a conference", "Host"),
            ("host_organs", "host_parties"),
        ),
        LinkRole(
            pgettext_lazy("role in a conference", "Organiser"),
            ("organiser_organs", "organiser_parties"),
        ),
        LinkRole(
            pgettext_lazy("role in a conference", "Co-organiser"),
            ("co_organiser_organs", "co_organiser_parties"),
        ),
        LinkRole(pgettext_lazy("role in a conference", "Place"), ("places",)),
    )
    search_fields = ("name_keys__named", "=number")
    autocomplete_fields = (
        "places",
        "host_country",
        "host_organs",
        "host_parties",
        "organiser_organs",
        "organiser_parties",
        "co_organiser_organs",
        "co_organiser_parties",
        "topics",
        "outcome_document",
    )
    inlines = (EditionDelegationInline, *RecordAdmin.inlines)

    def get_content_columns(self):
        return ["display_title", "starts_on", "state"]

    @admin.display(description=_("name"))
    def display_title(self, obj):
        return record_title(obj, get_active_language())


class ParagraphInline(ChildInline, TranslationStackedInline):
    model = Paragraph
    section = Section.TEXTS
    extra = 0


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    list_filter = ("document_kind", "party_countries")
    sections = {
        Section.WHAT_AND_WHEN: (
            "code",
            "title",
            "document_kind",
            "edition",
            "signed_on",
            "date_precision",
            "in_force_on",
            "in_force_precision",
            "topics",
        ),
        Section.PEOPLE_AND_PLACES: (
            "party_countries",
            "party_organs",
            "named_parties",
            "place",
        ),
        Section.FROM_SOURCES: (
            "title_zh_basis",
            "parties_as_recorded",
            "parties_basis",
        ),
    }
    link_roles = (
        LinkRole(
            pgettext_lazy("role in a document", "Party"),
            ("party_organs", "named_parties"),
        ),
    )
    search_fields = ("name_keys__named", "code")
    autocomplete_fields = (
        "edition",
        "place",
        "party_organs",
        "named_parties",
        "party_countries",
        "topics",
    )
    inlines = (ParagraphInline, *RecordAdmin.inlines)

    def get_content_columns(self):
        return [*super().get_content_columns(), "document_kind", "signed_on"]


@admin.register(Article)
class ArticleAdmin(RecordAdmin):
    list_filter = ("countries",)
    sections = {
        Section.WHAT_AND_WHEN: (
            "slug",
            "title",
            "reported_on",
            "date_precision",
            "topics",
        ),
        Section.PEOPLE_AND_PLACES: ("countries", "organs"),
        Section.TEXTS: ("summary", "body"),
    }
    search_fields = ("name_keys__named", "slug")
    autocomplete_fields = ("countries", "organs", "topics")

    def get_content_columns(self):
        return [*super().get_content_columns(), "reported_on"]


@admin.register(Page)
class PageAdmin(RecordAdmin):
    sections = {
        Section.WHAT_AND_WHEN: ("slug", "title"),
        Section.TEXTS: ("body",),
        Section.PUBLISHING: ("display_order",),
    }
    search_fields = ("name_keys__named", "slug")
