"""Columns of conference_editions.csv, documents.csv, articles.csv and pages.csv."""

from portal.conference.choices import DocumentKind, NameOrder, PartiesBasis
from portal.conference.models import Article, Document, Edition, Page
from portal.publishing.choices import Confidence, Precision, Qualifier
from portal.publishing.columns import (
    Choice,
    Column,
    Day,
    Number,
    Parties,
    Reference,
    References,
    Sources,
    Translated,
)
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.registry import spreadsheet

_EVIDENCE = [
    References("topic_keys", "topics", "directory.Topic", "key"),
    Sources("source_urls"),
    Choice("confidence", "confidence", Confidence),
    Translated("notes", "remark", "en"),
]


@spreadsheet
class EditionResource(Resource):
    file = "conference_editions.csv"
    model = Edition
    key = "number"
    columns = [
        Number("number", "number"),
        Choice("name_order", "name_order", NameOrder),
        Day("starts_on", "starts_on", precision="date_precision"),
        Day("ends_on", "ends_on"),
        Choice("date_precision", "date_precision", Precision),
        Column("city", "city_as_recorded"),
        References("place_keys", "places", "directory.Place", "key"),
        Reference("country_iso2", "host_country", "directory.Country", "iso2"),
        Column("host_organ", "host_as_recorded"),
        References("host_organ_keys", "host_organs", "directory.Organ", "key"),
        Parties("host_named_parties", "host_parties"),
        References(
            "organiser_organ_keys", "organiser_organs", "directory.Organ", "key"
        ),
        Parties("organiser_named_parties", "organiser_parties"),
        Translated("theme_en", "theme", "en"),
        Translated("theme_zh", "theme", "zh-hans"),
        Column("theme_other", "theme_other"),
        Column("theme_other_language", "theme_other_language"),
        Column("outcome_document", "outcome_as_recorded"),
        Reference(
            "outcome_document_code",
            "outcome_document",
            "conference.Document",
            "code",
            is_late=True,
        ),
        Number("participants_count", "participants"),
        Choice("participants_qualifier", "participants_qualifier", Qualifier),
        *_EVIDENCE,
    ]
    office_columns = [
        Translated("notes_zh", "remark", "zh-hans"),
    ]


@spreadsheet
class DocumentResource(Resource):
    file = "documents.csv"
    model = Document
    key = "code"
    natural_key = ("title_zh_hans", "title_en", "signed_on")
    columns = [
        Column("code", "code"),
        Choice("kind", "document_kind", DocumentKind),
        Translated("title_en", "title", "en"),
        Translated("title_zh", "title", "zh-hans"),
        Reference("edition_number", "edition", "conference.Edition", "number"),
        Day("signed_on", "signed_on", precision="date_precision"),
        Choice("date_precision", "date_precision", Precision),
        Day("in_force_on", "in_force_on", precision="in_force_precision"),
        Choice("in_force_precision", "in_force_precision", Precision),
        Reference("place_key", "place", "directory.Place", "key"),
        Column("parties", "parties_as_recorded"),
        References("parties_organ_keys", "party_organs", "directory.Organ", "key"),
        Parties("parties_named_parties", "named_parties"),
        Choice("parties_basis", "parties_basis", PartiesBasis),
        References("party_countries", "party_countries", "directory.Country", "iso2"),
        *_EVIDENCE,
    ]
    office_columns = [
        Translated("notes_zh", "remark", "zh-hans"),
    ]


@spreadsheet
class ArticleResource(Resource):
    file = "articles.csv"
    model = Article
    key = "slug"
    columns = [
        Column("slug", "slug"),
        Translated("title_en", "title", "en"),
        Translated("title_zh", "title", "zh-hans"),
        Translated("summary_en", "summary", "en"),
        Translated("summary_zh", "summary", "zh-hans"),
        Day("occurred_on", "reported_on", precision="date_precision"),
        Choice("date_precision", "date_precision", Precision),
        References("countries", "countries", "directory.Country", "iso2"),
        References("organ_keys", "organs", "directory.Organ", "key"),
        *_EVIDENCE,
    ]
    office_columns = [
        Translated("notes_zh", "remark", "zh-hans"),
    ]


@spreadsheet
class PageResource(Resource):
    """The portal's own pages; their facts are those of the record."""

    file = "pages.csv"
    model = Page
    key = "slug"
    columns = [
        Column("slug", "slug"),
        Number("display_order", "display_order"),
        Translated("title_en", "title", "en"),
        Translated("title_zh", "title", "zh-hans"),
        Translated("body_en", "body", "en"),
        Translated("body_zh", "body", "zh-hans"),
        Sources("source_urls"),
    ]
