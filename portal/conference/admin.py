from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline, TranslationTabularInline

from portal.conference.models import (
    Article,
    Document,
    Edition,
    EditionDelegation,
    Page,
    Paragraph,
)
from portal.directory.naming import name_of
from portal.publishing.admin import RecordAdmin
from portal.publishing.translating import PartInline
from portal.translations.shown import reader_language


class EditionDelegationInline(PartInline, TranslationTabularInline):
    model = EditionDelegation
    extra = 0
    autocomplete_fields = ("country", "organ")


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

    def list_columns(self):
        return ["named", "starts_on", "state"]

    @admin.display(description=_("name"))
    def named(self, obj):
        return name_of(obj, reader_language())


class ParagraphInline(PartInline, TranslationStackedInline):
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

    def list_columns(self):
        return [*super().list_columns(), "document_kind", "signed_on"]


@admin.register(Article)
class ArticleAdmin(RecordAdmin):
    list_filter = ("countries",)
    search_fields = ("name_keys__named", "slug")
    autocomplete_fields = ("countries", "organs", "topics")

    def list_columns(self):
        return [*super().list_columns(), "reported_on"]


@admin.register(Page)
class PageAdmin(RecordAdmin):
    search_fields = ("name_keys__named", "slug")
