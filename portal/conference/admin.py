from django.contrib import admin
from django.utils.translation import gettext_lazy as _
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
from portal.content.editing.translator_admin import ChildInline
from portal.content.review.proposal_form import get_stored_values
from portal.core.translations.localized_text import get_active_language
from portal.reference.directory.record_titles import record_title


class EditionDelegationInline(ChildInline, TranslationStackedInline):
    model = EditionDelegation
    form = EditionDelegationForm
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
    search_fields = ("name_keys__named", "=number")
    autocomplete_fields = (
        "places",
        "host_country",
        "host_organs",
        "host_parties",
        "organiser_organs",
        "organiser_parties",
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
    extra = 0


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    list_filter = ("document_kind", "party_countries")
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
    search_fields = ("name_keys__named", "slug")
    autocomplete_fields = ("countries", "organs", "topics")

    def get_content_columns(self):
        return [*super().get_content_columns(), "reported_on"]


@admin.register(Page)
class PageAdmin(RecordAdmin):
    search_fields = ("name_keys__named", "slug")
