"""Columns of countries.csv, places.csv, topics.csv and organs.csv."""

from portal.content.publishing.choices import Confidence, Precision
from portal.content.spreadsheets.columns import (
    ChoiceColumn,
    CodeListColumn,
    Column,
    DateColumn,
    ForeignKeyColumn,
    NullBooleanColumn,
    SourcesColumn,
    translated_column,
)
from portal.content.spreadsheets.registry import register_resource
from portal.content.spreadsheets.resources import Resource
from portal.core.languages import LANGUAGES_BY_CODE
from portal.reference.directory.choices import OrganLevel
from portal.reference.directory.models import Country, Organ, Place, Topic

_DISPLAY_ORDER = "CN BN KH ID LA MY MM PH SG TH TL VN"


@register_resource
class CountryResource(Resource):
    file = "countries.csv"
    model = Country
    key = "iso2"
    columns = [
        Column("iso2", "iso2"),
        *[
            translated_column(f"name_{code.replace('-', '_')}", "name", code)
            for code in LANGUAGES_BY_CODE
        ],
        CodeListColumn("national_language_codes", "national_languages"),
        DateColumn("joined_asean_on", "joined_asean_on"),
        SourcesColumn("source_urls"),
        translated_column("notes", "remark", "en"),
    ]
    staff_columns = [
        translated_column("notes_zh", "remark", "zh-hans"),
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
        translated_column("name_en", "name", "en"),
        translated_column("name_zh_hans", "name", "zh-hans"),
        Column("name_local", "name_local"),
        Column("local_language", "local_language"),
    ]


@register_resource
class TopicResource(Resource):
    file = "topics.csv"
    model = Topic
    key = "key"
    is_immediately_public = True
    columns = [
        Column("key", "key"),
        translated_column("name_en", "name", "en"),
        translated_column("name_zh_hans", "name", "zh-hans"),
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
        Column("name_native", "name_native"),
        Column("native_lang", "native_language"),
        NullBooleanColumn("name_is_formed", "is_name_formed"),
        Column("city", "seat_as_recorded"),
        ForeignKeyColumn("place_key", "place", "directory.Place", "key"),
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
    ]
    staff_columns = [
        translated_column("notes_zh", "remark", "zh-hans"),
    ]
