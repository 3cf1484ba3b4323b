"""Spreadsheet columns of mechanisms, meetings and coordination requests."""

from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from exchanges.choices import (
    MechanismKind,
    RequestDirection,
    RequestKind,
    RequestResult,
)
from exchanges.models import CoordinationRequest, Mechanism, Meeting
from portal.content.publishing.choices import Confidence, Precision, TextBasis
from portal.content.spreadsheets.columns import (
    ChildTextsColumn,
    ChoiceColumn,
    Column,
    DateColumn,
    ForeignKeyColumn,
    IntegerColumn,
    InvalidCellError,
    ManyToManyColumn,
    PartiesColumn,
    SourcesColumn,
    TextListColumn,
    translated_column,
)
from portal.content.spreadsheets.record_finders import KeyRecordFinder
from portal.content.spreadsheets.registry import register_resource
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE, Resource

# Languages of the agenda in a sheet.
_AGENDA_LANGUAGES = ("en", "zh-hans")


@register_resource
class MechanismResource(Resource):
    file = "mechanisms.csv"
    model = Mechanism
    key = "key"
    columns = [
        Column("key", "key"),
        translated_column("name_en", "name", "en"),
        translated_column("name_zh", "name", "zh-hans"),
        ChoiceColumn("name_zh_basis", "name_zh_basis", TextBasis),
        ChoiceColumn("kind", "mechanism_kind", MechanismKind),
        ManyToManyColumn(
            "side_a_organ_keys", "side_a_organs", "directory.Organ", "key"
        ),
        PartiesColumn("side_a_named_parties", "side_a_parties", "directory.NamedParty"),
        ManyToManyColumn(
            "side_b_organ_keys", "side_b_organs", "directory.Organ", "key"
        ),
        PartiesColumn("side_b_named_parties", "side_b_parties", "directory.NamedParty"),
        ForeignKeyColumn("other_country", "other_country", "directory.Country", "iso2"),
        DateColumn("since", "since", precision="date_precision"),
        ChoiceColumn("date_precision", "date_precision", Precision),
        IntegerColumn("rhythm_months", "rhythm_months"),
        ForeignKeyColumn(
            "legal_basis_document_code", "legal_basis", "conference.Document", "code"
        ),
        SourcesColumn("source_urls"),
        ChoiceColumn("confidence", "confidence", Confidence),
        translated_column("notes", "remark", "en"),
        translated_column("notes_zh", "remark", "zh-hans"),
        Column("work_note", "work_note"),
    ]


@register_resource
class MeetingResource(Resource):
    file = "border_meetings.csv"
    model = Meeting
    key = "code"
    natural_key = ("title_zh_hans", "title_en", "mechanism_as_recorded", "starts_on")
    columns = [
        Column("code", "code"),
        ForeignKeyColumn("mechanism_key", "mechanism", "exchanges.Mechanism", "key"),
        Column("mechanism", "mechanism_as_recorded"),
        translated_column("title_en", "title", "en"),
        translated_column("title_zh", "title", "zh-hans"),
        ChoiceColumn("title_zh_basis", "title_zh_basis", TextBasis),
        IntegerColumn("number_in_series", "series_number"),
        DateColumn(
            "starts_on",
            "starts_on",
            precision="date_precision",
            other_headings=("时间", "日期", "会晤时间", "开始时间", "开始日期"),
        ),
        DateColumn("ends_on", "ends_on", other_headings=("结束时间", "结束日期")),
        ChoiceColumn("date_precision", "date_precision", Precision),
        Column("place", "place_as_recorded"),
        ManyToManyColumn(
            "place_keys",
            "places",
            "directory.Place",
            "key",
            other_headings=("会晤地点",),
        ),
        ForeignKeyColumn("country_iso2", "host_country", "directory.Country", "iso2"),
        Column("organs_cn", "organs_cn_as_recorded"),
        ManyToManyColumn("organs_cn_organ_keys", "organs_cn", "directory.Organ", "key"),
        PartiesColumn("organs_cn_named_parties", "parties_cn", "directory.NamedParty"),
        Column("organs_other", "organs_other_as_recorded"),
        ManyToManyColumn(
            "organs_other_organ_keys", "organs_other", "directory.Organ", "key"
        ),
        PartiesColumn(
            "organs_other_named_parties", "parties_other", "directory.NamedParty"
        ),
        ForeignKeyColumn("other_country", "other_country", "directory.Country", "iso2"),
        ChildTextsColumn(
            "agenda", "agenda_items", language="en", languages=_AGENDA_LANGUAGES
        ),
        ChildTextsColumn(
            "agenda_zh",
            "agenda_items.zh-hans",
            heading_zh="议程项目（简体中文）",
            language="zh-hans",
            relation="agenda_items",
            languages=_AGENDA_LANGUAGES,
        ),
        ManyToManyColumn("topic_keys", "topics", "directory.Topic", "key"),
        TextListColumn("outcome", build_localized_fieldname("outcome", "en")),
        TextListColumn("outcome_zh", build_localized_fieldname("outcome", "zh-hans")),
        ForeignKeyColumn(
            "outcome_document_code", "outcome_document", "conference.Document", "code"
        ),
        SourcesColumn("source_urls"),
        ChoiceColumn("confidence", "confidence", Confidence),
        translated_column("notes", "remark", "en"),
        translated_column("notes_zh", "remark", "zh-hans"),
        Column("work_note", "work_note"),
    ]


class RequestFinder(KeyRecordFinder):
    """Finder of coordination requests by number, or by mechanism, kind and day.

    Requests without a number in the sheet are found by mechanism, direction, kind and
    the day on which they were received.
    """

    def find(self, parsed_row):
        match = super().find(parsed_row)
        if match is None and parsed_row.cells.get("id"):
            raise InvalidCellError(
                _("No request has this number. Leave the cell empty for a new request.")
            )
        return match

    def _load_candidates(self, rows):
        """Return the requests of the mechanisms that ``rows`` name."""
        keys = sorted({row.values.get("mechanism") or "" for row in rows})
        candidates = []
        for start in range(0, len(keys), QUERY_BATCH_SIZE):
            batch = keys[start : start + QUERY_BATCH_SIZE]
            queryset = self.resource.get_queryset()
            records = list(queryset.filter(mechanism__key__in=batch))
            values = self.resource.get_values(records)
            candidates += zip(records, values, strict=True)
        return candidates


@register_resource
class CoordinationRequestResource(Resource):
    file = "coordination_requests.csv"
    model = CoordinationRequest
    key = "id"
    natural_key = ("mechanism", "direction", "request_kind", "received_on")
    finder_class = RequestFinder
    columns = [
        IntegerColumn("request_number", "id", heading_zh="请求编号"),
        ForeignKeyColumn("mechanism_key", "mechanism", "exchanges.Mechanism", "key"),
        ChoiceColumn("direction", "direction", RequestDirection),
        ChoiceColumn("kind", "request_kind", RequestKind),
        DateColumn(
            "received_on", "received_on", other_headings=("收到日期", "接收日期")
        ),
        DateColumn(
            "answered_on", "answered_on", other_headings=("答复日期", "办结日期")
        ),
        ChoiceColumn("result", "result", RequestResult, other_headings=("办理结果",)),
    ]
