"""Columns of the files of countries, places, topics, named parties and organs."""

from portal.content.publishing.choices import Confidence, Precision, TextBasis
from portal.content.spreadsheets.columns import (
    ChoiceColumn,
    CodeListColumn,
    Column,
    DateColumn,
    ForeignKeyColumn,
    NullBooleanColumn,
    SourcesColumn,
    TextListColumn,
    translated_column,
)
from portal.content.spreadsheets.registry import register_resource
from portal.content.spreadsheets.resources import Resource
from portal.core.languages import LANGUAGES_BY_CODE
from portal.reference.directory.choices import OrganLevel
from portal.reference.directory.models import Country, NamedParty, Organ, Place, Topic
from portal.reference.directory.party_finder import NamedPartyFinder

_NAMES = [
    translated_column(f"name_{code.replace('-', '_')}", "name", code)
    for code in LANGUAGES_BY_CODE
]
_DISPLAY_ORDER = "CN BN KH ID LA MY MM PH SG TH TL VN"


@register_resource
class CountryResource(Resource):
    file = "countries.csv"
    model = Country
    key = "iso2"
    columns = [
        Column("iso2", "iso2"),
        *_NAMES,
        CodeListColumn("national_language_codes", "national_languages"),
        DateColumn("joined_asean_on", "joined_asean_on"),
        SourcesColumn("source_urls"),
        translated_column("notes", "remark", "en"),
        translated_column("notes_zh", "remark", "zh-hans"),
        Column("work_note", "work_note"),
    ]

    def get_defaults(self, values):
        """Return the display order of a country: China first, then by English name."""
        order = _DISPLAY_ORDER.find(values["iso2"])
        return {"display_order": order + 1} if order >= 0 else {}


@register_resource
class PlaceResource(Resource):
    file = "places.csv"
    model = Place
    key = "key"
    joint_fields = (("name_local", "local_language"),)
    is_immediately_public = True
    columns = [
        Column("key", "key"),
        ForeignKeyColumn("country_iso2", "country", "directory.Country", "iso2"),
        Column("time_zone", "time_zone"),
        *_NAMES,
        Column("name_local", "name_local"),
        Column("local_language", "local_language"),
        TextListColumn("names_source", "names_source"),
    ]


@register_resource
class TopicResource(Resource):
    file = "topics.csv"
    model = Topic
    key = "key"
    is_immediately_public = True
    columns = [
        Column("key", "key"),
        *_NAMES,
        CodeListColumn("draft_languages", "draft_languages"),
        TextListColumn("term_sources", "term_sources"),
    ]


@register_resource
class NamedPartyResource(Resource):
    """Spreadsheet of named parties, which are identified by name and country."""

    file = "named_parties.csv"
    model = NamedParty
    key = "name"
    changeable_key = ("name", "country")
    is_immediately_public = True
    finder_class = NamedPartyFinder
    columns = [
        Column("name_en", "name"),
        ForeignKeyColumn("country_iso2", "country", "directory.Country", "iso2"),
        translated_column("name_zh_hans", "display_name", "zh-hans"),
        ChoiceColumn("name_zh_basis", "name_zh_basis", TextBasis),
        ForeignKeyColumn("area_key", "area", "directory.Place", "key"),
    ]
    staff_columns = [
        translated_column(f"name_{code.replace('-', '_')}", "display_name", code)
        for code in LANGUAGES_BY_CODE
        if code not in ("en", "zh-hans")
    ]


@register_resource
class OrganResource(Resource):
    file = "organs.csv"
    model = Organ
    key = "key"
    joint_fields = (("name_native", "native_language"),)
    columns = [
        Column("organ_key", "key"),
        ForeignKeyColumn("country_iso2", "country", "directory.Country", "iso2"),
        ChoiceColumn("level", "level", OrganLevel),
        ForeignKeyColumn(
            "parent", "parent", "directory.Organ", "key", is_deferred=True
        ),
        translated_column("name_en", "name", "en"),
        translated_column("name_zh", "name", "zh-hans"),
        ChoiceColumn("name_zh_basis", "name_zh_basis", TextBasis),
        Column("name_native", "name_native"),
        Column("native_lang", "native_language"),
        NullBooleanColumn("name_is_formed", "is_name_formed"),
        Column("city", "seat_as_recorded"),
        ForeignKeyColumn("place_key", "place", "directory.Place", "key"),
        ForeignKeyColumn("area_key", "area", "directory.Place", "key"),
        Column("website", "website"),
        DateColumn(
            "established_on",
            "established_on",
            precision="date_precision",
            is_founding=True,
        ),
        ChoiceColumn("date_precision", "date_precision", Precision),
        SourcesColumn("source_urls"),
        ChoiceColumn("confidence", "confidence", Confidence),
        translated_column("notes", "remark", "en"),
        translated_column("notes_zh", "remark", "zh-hans"),
        Column("work_note", "work_note"),
    ]
