"""Spreadsheet columns of conference editions, documents, articles and pages."""

from collections import Counter, defaultdict
from collections.abc import Collection

from django.contrib.contenttypes.models import ContentType
from django.db import models

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
from portal.content.publishing.models import Proposal
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
from portal.content.spreadsheets.record_finders import KeyRecordFinder
from portal.content.spreadsheets.registry import register_resource
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.row_parsing import ParsedRow, RowParser
from portal.reference.directory.models import Country, Organ

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
    staff_columns = [
        Column("co_organiser", "co_organiser_as_recorded"),
        ManyToManyColumn(
            "co_organiser_organ_keys",
            "co_organiser_organs",
            "directory.Organ",
            "key",
            other_headings=("协办单位", "协办方"),
        ),
        PartiesColumn(
            "co_organiser_named_parties",
            "co_organiser_parties",
            "directory.NamedParty",
        ),
    ]


# Number of an edition and code of a country.
_Group = tuple[str, str]


class EditionDelegationFinder(KeyRecordFinder):
    """Finds delegations by code, or those without a code that people entered.

    A row with a new code is matched to a delegation without a code of the same edition
    and country if nothing else can be meant: organ and organ are the same, and no other
    delegation without a code and no other row has this organ; or one of the two has no
    organ, and both are the only ones of their edition and country. A row that is not
    matched and shares edition and country with such a delegation is similar to it.
    """

    def __init__(self, row_parser: RowParser, parsed_rows: list[ParsedRow]):
        super().__init__(row_parser, parsed_rows)
        self._matches_by_row: dict[int, tuple[EditionDelegation, dict]] = {}
        self._similar_by_row: dict[int, list[EditionDelegation]] = {}
        rows: dict[_Group, list[ParsedRow]] = defaultdict(list)
        for row in parsed_rows:
            if row.values.keys() >= {"code", "edition", "country", "organ"}:
                rows[row.values["edition"], row.values["country"]].append(row)
        for group, candidates in self._load_candidates_by_group(rows).items():
            self._match(rows[group], candidates)

    def find(self, parsed_row):
        return super().find(parsed_row) or self._matches_by_row.get(parsed_row.number)

    def find_similar(self, parsed_row):
        return self._similar_by_row.get(parsed_row.number, [])

    def get_records(self):
        matches = self._matches_by_row.values()
        return [*super().get_records(), *(record for record, _values in matches)]

    def _match(
        self, rows: list[ParsedRow], candidates: list[tuple[EditionDelegation, dict]]
    ) -> None:
        """Match the new rows of an edition and country to delegations without a code.

        ``candidates`` are pairs of a delegation and its column values.
        """
        new_rows = [row for row in rows if row.values["code"] not in self._by_key]
        rows_by_organ = Counter(row.values["organ"] for row in rows)
        is_single = len(rows) == len(candidates) == 1
        matched = []
        for row in new_rows:
            organ = row.values["organ"]
            same = [pair for pair in candidates if pair[1]["organ"] == organ]
            if is_single and not (organ and candidates[0][1]["organ"]):
                same = candidates
            if len(same) == 1 and rows_by_organ[organ] == 1 and same[0][0].pk:
                self._matches_by_row[row.number] = same[0]
                matched.append(same[0][0])
        similar = [record for record, _values in candidates if record not in matched]
        for row in new_rows:
            if row.number not in self._matches_by_row:
                self._similar_by_row[row.number] = similar

    def _load_candidates_by_group(
        self, groups: Collection[_Group]
    ) -> dict[_Group, list[tuple[EditionDelegation, dict]]]:
        """Return the delegations without a code and their column values.

        Those that an open proposal adds are unsaved.
        """
        numbers = {int(number) for number, _country in groups}
        editions = Edition.objects.filter(number__in=numbers)
        stored = self.resource.get_queryset().filter(code="", edition__in=editions)
        records = [*stored, *_load_proposed_delegations(editions)]
        by_group = defaultdict(list)
        for record, values in zip(
            records, self.resource.get_values(records), strict=True
        ):
            group = values["edition"], values["country"]
            if group in groups:
                by_group[group].append((record, values))
        return by_group


def _load_proposed_delegations(editions: models.QuerySet) -> list[EditionDelegation]:
    """Return the delegations without a code that open proposals add, unsaved."""
    proposals = Proposal.objects.open().filter(
        content_type=ContentType.objects.get_for_model(Edition),
        object_id__in=editions.values("pk"),
    )
    added = [
        (proposal.object_id, row["values"])
        for proposal in proposals
        for row in proposal.wanted["parts"].get("delegations", [])
        if row["pk"] < 0 and not row["values"].get("code")
    ]
    if not added:
        return []
    editions_by_pk = editions.in_bulk()
    countries = Country.objects.in_bulk({row["country_id"] for _pk, row in added})
    organs = Organ.objects.in_bulk({row["organ_id"] for _pk, row in added} - {None})
    return [
        EditionDelegation(
            edition=editions_by_pk[pk],
            country=countries[row["country_id"]],
            organ=organs.get(row["organ_id"]),
        )
        for pk, row in added
        if row["country_id"] in countries
    ]


class EditionDelegationResource(Resource):
    """Spreadsheet of the delegations at editions, for the public record only.

    Staff enter them in the form of the edition, where another person approves them.
    """

    file = "edition_delegations.csv"
    model = EditionDelegation
    key = "code"
    owner = "edition"
    finder_class = EditionDelegationFinder
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
