"""Columns of countries.csv, places.csv, topics.csv and organs.csv."""

from portal.directory.choices import Level
from portal.directory.models import Country, Organ, Place, Topic
from portal.languages import BY_CODE
from portal.publishing.choices import Confidence, Precision
from portal.publishing.columns import (
    Choice,
    Codes,
    Column,
    Day,
    Reference,
    Sources,
    Translated,
    YesNo,
)
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.registry import spreadsheet

_DISPLAY_ORDER = "CN BN KH ID LA MY MM PH SG TH TL VN"


@spreadsheet
class CountryResource(Resource):
    file = "countries.csv"
    model = Country
    key = "iso2"
    columns = [
        Column("iso2", "iso2"),
        *[
            Translated(f"name_{code.replace('-', '_')}", "name", code)
            for code in BY_CODE
        ],
        Codes("national_language_codes", "national_languages"),
        Day("joined_asean_on", "joined_asean_on"),
        Sources("source_urls"),
        Translated("notes", "remark", "en"),
    ]
    office_columns = [
        Translated("notes_zh", "remark", "zh-hans"),
    ]

    def defaults(self, values):
        """China first, then the others in the order of their names in English."""
        order = _DISPLAY_ORDER.find(values["iso2"])
        return {"display_order": order + 1} if order >= 0 else {}


@spreadsheet
class PlaceResource(Resource):
    file = "places.csv"
    model = Place
    key = "key"
    is_seen_at_once = True
    columns = [
        Column("key", "key"),
        Reference("country_iso2", "country", "directory.Country", "iso2"),
        Column("time_zone", "time_zone"),
        Translated("name_en", "name", "en"),
        Translated("name_zh_hans", "name", "zh-hans"),
        Column("name_local", "name_local"),
        Column("local_language", "local_language"),
    ]


@spreadsheet
class TopicResource(Resource):
    file = "topics.csv"
    model = Topic
    key = "key"
    is_seen_at_once = True
    columns = [
        Column("key", "key"),
        Translated("name_en", "name", "en"),
        Translated("name_zh_hans", "name", "zh-hans"),
    ]


@spreadsheet
class OrganResource(Resource):
    file = "organs.csv"
    model = Organ
    key = "key"
    columns = [
        Column("organ_key", "key"),
        Reference("country_iso2", "country", "directory.Country", "iso2"),
        Choice("level", "level", Level),
        Reference("parent", "parent", "directory.Organ", "key", is_late=True),
        Translated("name_en", "name", "en"),
        Translated("name_zh", "name", "zh-hans"),
        Column("name_native", "name_native"),
        Column("native_lang", "native_language"),
        YesNo("name_is_formed", "is_name_formed"),
        Column("city", "seat_as_recorded"),
        Reference("place_key", "place", "directory.Place", "key"),
        Column("website", "website"),
        Day(
            "established_on",
            "established_on",
            precision="date_precision",
            is_founding=True,
        ),
        Choice("date_precision", "date_precision", Precision),
        Sources("source_urls"),
        Choice("confidence", "confidence", Confidence),
        Translated("notes", "remark", "en"),
    ]
    office_columns = [
        Translated("notes_zh", "remark", "zh-hans"),
    ]
