"""Columns of delegation_visits.csv."""

from delegations.choices import Direction
from delegations.models import Visit
from portal.publishing.choices import Confidence, Precision, Scope
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


@spreadsheet
class VisitResource(Resource):
    file = "delegation_visits.csv"
    model = Visit
    key = "code"
    natural_key = ("from_as_recorded", "to_as_recorded", "starts_on", "purpose_en")
    columns = [
        Column("code", "code"),
        Choice("direction", "direction", Direction),
        Choice("scope", "scope", Scope),
        Column("from_organ", "from_as_recorded"),
        References("from_organ_keys", "from_organs", "directory.Organ", "key"),
        Parties("from_named_parties", "from_parties"),
        Reference("from_country", "from_country", "directory.Country", "iso2"),
        Column("to_organ", "to_as_recorded"),
        References("to_organ_keys", "to_organs", "directory.Organ", "key"),
        Parties("to_named_parties", "to_parties"),
        Reference("to_country", "to_country", "directory.Country", "iso2"),
        Column("place", "place_as_recorded"),
        References("place_keys", "places", "directory.Place", "key"),
        Day("starts_on", "starts_on", precision="date_precision"),
        Day("ends_on", "ends_on"),
        Choice("date_precision", "date_precision", Precision),
        Translated("purpose", "purpose", "en"),
        References("topic_keys", "topics", "directory.Topic", "key"),
        Number("participants_count", "head_count"),
        Reference("meeting_code", "meeting", "exchanges.Meeting", "code", is_late=True),
        Reference(
            "outcome_document_code", "outcome_document", "conference.Document", "code"
        ),
        Sources("source_urls"),
        Choice("confidence", "confidence", Confidence),
        Translated("notes", "remark", "en"),
    ]
    office_columns = [
        Translated("purpose_zh", "purpose", "zh-hans"),
        Translated("notes_zh", "remark", "zh-hans"),
    ]
