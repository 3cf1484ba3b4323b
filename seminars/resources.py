"""Columns of seminars.csv."""

from modeltranslation.utils import build_localized_fieldname

from portal.publishing.choices import Confidence, Precision, Scope
from portal.publishing.columns import (
    Choice,
    Column,
    Day,
    Lines,
    Number,
    Parties,
    References,
    Sources,
    Translated,
)
from portal.publishing.resources import Resource
from seminars.choices import Audience
from seminars.models import Seminar


class SeminarResource(Resource):
    file = "seminars.csv"
    model = Seminar
    key = "code"
    columns = [
        Column("code", "code"),
        Choice("scope", "scope", Scope),
        Choice("audience", "audience", Audience),
        Translated("title_en", "title", "en"),
        Translated("title_zh", "title", "zh-hans"),
        Day("starts_on", "starts_on"),
        Day("ends_on", "ends_on"),
        Choice("date_precision", "date_precision", Precision),
        Column("venue", "venue_as_recorded"),
        References("venue_organ_keys", "venue_organs", "directory.Organ", "key"),
        Parties("venue_named_parties", "venue_parties"),
        Column("city", "city_as_recorded"),
        References("place_keys", "places", "directory.Place", "key"),
        References(
            "participating_countries",
            "participating_countries",
            "directory.Country",
            "iso2",
        ),
        Number("participants_count", "reported_participants"),
        Lines("topic", build_localized_fieldname("subjects", "en")),
        References("topic_keys", "topics", "directory.Topic", "key"),
        Column("organiser", "organiser_as_recorded"),
        References(
            "organiser_organ_keys", "organiser_organs", "directory.Organ", "key"
        ),
        Parties("organiser_named_parties", "organiser_parties"),
        Sources("source_urls"),
        Choice("confidence", "confidence", Confidence),
        Translated("notes", "remark", "en"),
    ]
