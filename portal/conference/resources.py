"""Spreadsheet columns of conference editions, documents, articles and pages."""

from portal.conference.choices import DocumentKind, NameOrder, OfficeRank, PartiesBasis
from portal.conference.models import (
    Article,
    Document,
    Edition,
    EditionDelegation,
    Page,
)
from portal.content.publishing.choices import (
    Confidence,
    Precision,
    Qualifier,
    TextBasis,
)
from portal.content.spreadsheets.columns import (
    ChoiceColumn,
    Column,
    DateColumn,
    ForeignKeyColumn,
    IntegerColumn,
    ManyToManyColumn,
    PartiesColumn,
    SourcesColumn,
    TextListColumn,
    translated_column,
)
from portal.content.spreadsheets.registry import register_resource
from portal.content.spreadsheets.resources import Resource

_COMMON_COLUMNS = [
    ManyToManyColumn("topic_keys", "topics", "directory.Topic", "key"),
    SourcesColumn("source_urls"),
    ChoiceColumn("confidence", "confidence", Confidence),
    translated_column("notes", "remark", "en"),
    translated_column("notes_zh", "remark", "zh-hans"),
    Column("work_note", "work_note"),
]


@register_resource
class EditionResource(Resource):
    file = "conference_editions.csv"
    model = Edition
    key = "number"
    joint_fields = (
        ("participants", "participants_qualifier"),
        ("theme_other", "theme_other_language"),
    )
    columns = [
        IntegerColumn("number", "number"),
        translated_column("title_zh", "title", "zh-hans"),
        ChoiceColumn("title_zh_basis", "title_zh_basis", TextBasis),
        Column("title_zh_other", "title_zh_other"),
        ChoiceColumn("name_order", "name_order", NameOrder),
        DateColumn("starts_on", "starts_on", precision="date_precision"),
        DateColumn("ends_on", "ends_on"),
        ChoiceColumn("date_precision", "date_precision", Precision),
        Column("city", "city_as_recorded"),
        ManyToManyColumn("place_keys", "places", "directory.Place", "key"),
        ForeignKeyColumn("country_iso2", "host_country", "directory.Country", "iso2"),
        Column("host_organ", "host_as_recorded"),
        ManyToManyColumn("host_organ_keys", "host_organs", "directory.Organ", "key"),
        PartiesColumn("host_named_parties", "host_parties", "directory.NamedParty"),
        ManyToManyColumn(
            "organiser_organ_keys", "organiser_organs", "directory.Organ", "key"
        ),
        PartiesColumn(
            "organiser_named_parties", "organiser_parties", "directory.NamedParty"
        ),
        translated_column("theme_en", "theme", "en"),
        ChoiceColumn("theme_en_basis", "theme_en_basis", TextBasis),
        translated_column("theme_zh", "theme", "zh-hans"),
        ChoiceColumn("theme_zh_basis", "theme_zh_basis", TextBasis),
        Column("theme_other", "theme_other"),
        Column("theme_other_language", "theme_other_language"),
        Column("outcome_document", "outcome_as_recorded"),
        ForeignKeyColumn(
            "outcome_document_code",
            "outcome_document",
            "conference.Document",
            "code",
            is_deferred=True,
        ),
        IntegerColumn("participants_count", "participants"),
        ChoiceColumn("participants_qualifier", "participants_qualifier", Qualifier),
        *_COMMON_COLUMNS,
    ]


class EditionDelegationResource(Resource):
    """Spreadsheet of the delegations at editions, for the public record only.

    Staff enter them in the form of the edition, where another person approves them.
    """

    file = "edition_delegations.csv"
    model = EditionDelegation
    key = "code"
    owner = "edition"
    columns = [
        Column("code", "code"),
        ForeignKeyColumn("edition_number", "edition", "conference.Edition", "number"),
        ForeignKeyColumn("country_iso2", "country", "directory.Country", "iso2"),
        ForeignKeyColumn("organ_key", "organ", "directory.Organ", "key"),
        translated_column("office_en", "head_office", "en"),
        translated_column("office_zh", "head_office", "zh-hans"),
        ChoiceColumn("rank", "rank", OfficeRank),
        TextListColumn("source_urls", "source_addresses"),
        ChoiceColumn("confidence", "confidence", Confidence),
        Column("work_note", "work_note"),
    ]


@register_resource
class DocumentResource(Resource):
    file = "documents.csv"
    model = Document
    key = "code"
    natural_key = ("title_zh_hans", "title_en", "signed_on")
    columns = [
        Column("code", "code"),
        ChoiceColumn("kind", "document_kind", DocumentKind),
        translated_column("title_en", "title", "en"),
        translated_column("title_zh", "title", "zh-hans"),
        ChoiceColumn("title_zh_basis", "title_zh_basis", TextBasis),
        ForeignKeyColumn("edition_number", "edition", "conference.Edition", "number"),
        DateColumn("signed_on", "signed_on", precision="date_precision"),
        ChoiceColumn("date_precision", "date_precision", Precision),
        DateColumn("in_force_on", "in_force_on", precision="in_force_precision"),
        ChoiceColumn("in_force_precision", "in_force_precision", Precision),
        ForeignKeyColumn("place_key", "place", "directory.Place", "key"),
        Column("parties", "parties_as_recorded"),
        ManyToManyColumn(
            "parties_organ_keys", "party_organs", "directory.Organ", "key"
        ),
        PartiesColumn("parties_named_parties", "named_parties", "directory.NamedParty"),
        ChoiceColumn("parties_basis", "parties_basis", PartiesBasis),
        ManyToManyColumn(
            "party_countries", "party_countries", "directory.Country", "iso2"
        ),
        *_COMMON_COLUMNS,
    ]


@register_resource
class ArticleResource(Resource):
    file = "articles.csv"
    model = Article
    key = "slug"
    columns = [
        Column("slug", "slug"),
        translated_column("title_en", "title", "en"),
        translated_column("title_zh", "title", "zh-hans"),
        translated_column("summary_en", "summary", "en"),
        translated_column("summary_zh", "summary", "zh-hans"),
        DateColumn("occurred_on", "reported_on", precision="date_precision"),
        ChoiceColumn("date_precision", "date_precision", Precision),
        ManyToManyColumn("countries", "countries", "directory.Country", "iso2"),
        ManyToManyColumn("organ_keys", "organs", "directory.Organ", "key"),
        *_COMMON_COLUMNS,
    ]


@register_resource
class PageResource(Resource):
    """Spreadsheet of static pages, which only restate facts of other records."""

    file = "pages.csv"
    model = Page
    key = "slug"
    columns = [
        Column("slug", "slug"),
        IntegerColumn("display_order", "display_order"),
        translated_column("title_en", "title", "en"),
        translated_column("title_zh", "title", "zh-hans"),
        translated_column("body_en", "body", "en"),
        translated_column("body_zh", "body", "zh-hans"),
        SourcesColumn("source_urls"),
    ]
