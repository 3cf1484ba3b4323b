"""Columns of mechanisms.csv and border_meetings.csv."""

from modeltranslation.utils import build_localized_fieldname

from exchanges.choices import MechanismKind
from exchanges.models import Mechanism, Meeting
from portal.publishing.choices import Confidence, Precision
from portal.publishing.columns import (
    Choice,
    Column,
    Day,
    Items,
    Lines,
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
class MechanismResource(Resource):
    file = "mechanisms.csv"
    model = Mechanism
    key = "key"
    columns = [
        Column("key", "key"),
        Translated("name_en", "name", "en"),
        Translated("name_zh", "name", "zh-hans"),
        Choice("kind", "mechanism_kind", MechanismKind),
        References("side_a_organ_keys", "side_a_organs", "directory.Organ", "key"),
        Parties("side_a_named_parties", "side_a_parties"),
        References("side_b_organ_keys", "side_b_organs", "directory.Organ", "key"),
        Parties("side_b_named_parties", "side_b_parties"),
        Reference("other_country", "other_country", "directory.Country", "iso2"),
        Day("since", "since", precision="date_precision"),
        Choice("date_precision", "date_precision", Precision),
        Number("rhythm_months", "rhythm_months"),
        Reference(
            "legal_basis_document_code", "legal_basis", "conference.Document", "code"
        ),
        Sources("source_urls"),
        Choice("confidence", "confidence", Confidence),
        Translated("notes", "remark", "en"),
    ]
    office_columns = [
        Translated("notes_zh", "remark", "zh-hans"),
    ]


@spreadsheet
class MeetingResource(Resource):
    file = "border_meetings.csv"
    model = Meeting
    key = "code"
    natural_key = ("title_zh_hans", "title_en", "mechanism_as_recorded", "starts_on")
    columns = [
        Column("code", "code"),
        Reference("mechanism_key", "mechanism", "exchanges.Mechanism", "key"),
        Column("mechanism", "mechanism_as_recorded"),
        Translated("title_en", "title", "en"),
        Translated("title_zh", "title", "zh-hans"),
        Number("number_in_series", "series_number"),
        Day("starts_on", "starts_on", precision="date_precision"),
        Day("ends_on", "ends_on"),
        Choice("date_precision", "date_precision", Precision),
        Column("place", "place_as_recorded"),
        References("place_keys", "places", "directory.Place", "key"),
        Reference("country_iso2", "host_country", "directory.Country", "iso2"),
        Column("organs_cn", "organs_cn_as_recorded"),
        References("organs_cn_organ_keys", "organs_cn", "directory.Organ", "key"),
        Parties("organs_cn_named_parties", "parties_cn"),
        Column("organs_other", "organs_other_as_recorded"),
        References("organs_other_organ_keys", "organs_other", "directory.Organ", "key"),
        Parties("organs_other_named_parties", "parties_other"),
        Reference("other_country", "other_country", "directory.Country", "iso2"),
        Items("agenda", "agenda_items", language="en"),
        References("topic_keys", "topics", "directory.Topic", "key"),
        Lines("outcome", build_localized_fieldname("outcome", "en")),
        Reference(
            "outcome_document_code", "outcome_document", "conference.Document", "code"
        ),
        Sources("source_urls"),
        Choice("confidence", "confidence", Confidence),
        Translated("notes", "remark", "en"),
    ]
    office_columns = [
        Lines("outcome_zh", build_localized_fieldname("outcome", "zh-hans")),
        Translated("notes_zh", "remark", "zh-hans"),
    ]
