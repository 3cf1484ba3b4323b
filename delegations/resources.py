"""Spreadsheet columns of delegation visits."""

from delegations.choices import Direction
from delegations.models import Member, Visit
from portal.content.publishing.choices import Confidence, Precision, Scope
from portal.content.spreadsheets.columns import (
    BooleanColumn,
    ChoiceColumn,
    Column,
    DateColumn,
    ForeignKeyColumn,
    IntegerColumn,
    ManyToManyColumn,
    PartiesColumn,
    RelatedFieldColumn,
    SourcesColumn,
    translated_column,
)
from portal.content.spreadsheets.registry import register_resource
from portal.content.spreadsheets.resources import Resource
from portal.reference.people.models import Person
from portal.reference.people.person_rows import PersonRowFinder
from portal.reference.people.resources import PersonResource


class MemberFinder(PersonRowFinder):
    """Finds the members of delegations of spreadsheet rows, by visit and person."""

    owner = "visit"


@register_resource
class VisitResource(Resource):
    file = "delegation_visits.csv"
    model = Visit
    key = "code"
    natural_key = ("from_as_recorded", "to_as_recorded", "starts_on", "purpose_en")
    columns = [
        Column("code", "code"),
        ChoiceColumn("direction", "direction", Direction),
        ChoiceColumn("scope", "scope", Scope),
        Column("from_organ", "from_as_recorded"),
        ManyToManyColumn(
            "from_organ_keys",
            "from_organs",
            "directory.Organ",
            "key",
            other_headings=("派出单位", "来访单位", "出访单位"),
        ),
        PartiesColumn("from_named_parties", "from_parties", "directory.NamedParty"),
        ForeignKeyColumn("from_country", "from_country", "directory.Country", "iso2"),
        Column("to_organ", "to_as_recorded"),
        ManyToManyColumn(
            "to_organ_keys",
            "to_organs",
            "directory.Organ",
            "key",
            other_headings=("接待单位",),
        ),
        PartiesColumn("to_named_parties", "to_parties", "directory.NamedParty"),
        ForeignKeyColumn("to_country", "to_country", "directory.Country", "iso2"),
        Column("place", "place_as_recorded"),
        ManyToManyColumn("place_keys", "places", "directory.Place", "key"),
        DateColumn(
            "starts_on",
            "starts_on",
            precision="date_precision",
            other_headings=(
                *("时间", "日期", "访问时间", "来访时间"),
                *("开始时间", "开始日期"),
            ),
        ),
        DateColumn("ends_on", "ends_on", other_headings=("结束时间", "结束日期")),
        ChoiceColumn("date_precision", "date_precision", Precision),
        translated_column("purpose", "purpose", "en"),
        translated_column(
            "purpose_zh",
            "purpose",
            "zh-hans",
            other_headings=("事由", "访问目的", "来访目的"),
        ),
        ManyToManyColumn("topic_keys", "topics", "directory.Topic", "key"),
        IntegerColumn(
            "participants_count",
            "head_count",
            other_headings=("人数", "团组人数"),
        ),
        ForeignKeyColumn(
            "meeting_code", "meeting", "exchanges.Meeting", "code", is_deferred=True
        ),
        ForeignKeyColumn(
            "outcome_document_code", "outcome_document", "conference.Document", "code"
        ),
        SourcesColumn("source_urls"),
        ChoiceColumn("confidence", "confidence", Confidence),
        translated_column("notes", "remark", "en"),
        translated_column("notes_zh", "remark", "zh-hans"),
        Column("work_note", "work_note"),
    ]


@register_resource
class MemberResource(Resource):
    """Spreadsheet of delegation members; creates persons that have no record yet."""

    file = "delegation_members.csv"
    model = Member
    key = ""
    finder_class = MemberFinder
    columns = [
        ForeignKeyColumn(
            "visit_code",
            "visit",
            "delegations.Visit",
            "code",
            other_headings=("访问编号", "代表团编号", "代表团"),
        ),
        *RelatedFieldColumn.for_columns("person", PersonResource.columns),
        translated_column("office_en", "office", "en"),
        translated_column("office_zh", "office", "zh-hans"),
        BooleanColumn("is_head", "is_head", other_headings=("团长", "是否团长")),
    ]

    @classmethod
    def get_written_models(cls):
        return (Member, Person)
