"""Spreadsheet columns of seminars, participants and training records.

Rows of participants and training records are matched with records by seminar and
person.
"""

from collections import defaultdict

from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.content.publishing.choices import (
    Confidence,
    EventState,
    Precision,
    Scope,
    TextBasis,
)
from portal.content.spreadsheets.columns import (
    ChoiceColumn,
    Column,
    DateColumn,
    DecimalColumn,
    ForeignKeyColumn,
    IntegerColumn,
    ManyToManyColumn,
    PartiesColumn,
    RelatedFieldColumn,
    SourcesColumn,
    TextListColumn,
    translated_column,
)
from portal.content.spreadsheets.import_plan import RowPlan
from portal.content.spreadsheets.planning import ImportPlanner
from portal.content.spreadsheets.record_finders import (
    AlreadyReportedError,
    RecordFinder,
    RecordMatchError,
)
from portal.content.spreadsheets.registry import register_resource
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE, Resource
from portal.content.spreadsheets.row_parsing import (
    ParsedRow,
    RelatedRowParser,
    RowParser,
)
from portal.reference.people.models import Person
from portal.reference.people.recognition import (
    IDENTIFYING_FIELDS,
    PersonMatcher,
    build_spelling_warning,
    differ_only_in_form,
)
from portal.reference.people.resources import PersonRecordFinder, PersonResource
from seminars.choices import Audience, TrainingResult, TrainingRole
from seminars.models import Participant, Seminar, TrainingRecord


@register_resource
class SeminarResource(Resource):
    file = "seminars.csv"
    model = Seminar
    key = "code"
    natural_key = ("title_zh_hans", "title_en", "starts_on")
    columns = [
        Column("code", "code"),
        ChoiceColumn("scope", "scope", Scope),
        ChoiceColumn("audience", "audience", Audience),
        translated_column("title_en", "title", "en"),
        translated_column(
            "title_zh",
            "title",
            "zh-hans",
            other_headings=("名称", "班名", "研修班名称", "培训班名称"),
        ),
        ChoiceColumn("title_zh_basis", "title_zh_basis", TextBasis),
        DateColumn(
            "starts_on",
            "starts_on",
            precision="date_precision",
            other_headings=(
                *("时间", "日期", "举办时间", "培训时间", "开班时间"),
                *("开始时间", "开始日期"),
            ),
        ),
        DateColumn(
            "ends_on",
            "ends_on",
            other_headings=("结束时间", "结束日期", "结业时间"),
        ),
        ChoiceColumn("date_precision", "date_precision", Precision),
        Column("venue", "venue_as_recorded"),
        ManyToManyColumn("venue_organ_keys", "venue_organs", "directory.Organ", "key"),
        PartiesColumn("venue_named_parties", "venue_parties", "directory.NamedParty"),
        Column("city", "city_as_recorded"),
        ManyToManyColumn(
            "place_keys",
            "places",
            "directory.Place",
            "key",
            other_headings=("举办地点", "培训地点"),
        ),
        ManyToManyColumn(
            "participating_countries",
            "participating_countries",
            "directory.Country",
            "iso2",
            other_headings=("国家", "国别", "参训国家"),
        ),
        IntegerColumn(
            "participants_count",
            "reported_participants",
            other_headings=("人数", "参训人数", "学员人数", "培训人数"),
        ),
        TextListColumn("topic", build_localized_fieldname("subjects", "en")),
        TextListColumn("topic_zh", build_localized_fieldname("subjects", "zh-hans")),
        ManyToManyColumn("topic_keys", "topics", "directory.Topic", "key"),
        Column("organiser", "organiser_as_recorded"),
        ManyToManyColumn(
            "organiser_organ_keys",
            "organiser_organs",
            "directory.Organ",
            "key",
            other_headings=("主办单位", "主办方"),
        ),
        PartiesColumn(
            "organiser_named_parties", "organiser_parties", "directory.NamedParty"
        ),
        SourcesColumn("source_urls"),
        ChoiceColumn("confidence", "confidence", Confidence),
        translated_column("notes", "remark", "en"),
        translated_column("notes_zh", "remark", "zh-hans"),
        Column("work_note", "work_note"),
    ]
    staff_columns = [
        ChoiceColumn("state", "state", EventState, other_headings=("举办状态",)),
        DecimalColumn(
            "hours", "hours", other_headings=("学时", "课时", "总学时", "培训学时")
        ),
        translated_column("summary_en", "summary", "en"),
        translated_column("summary_zh", "summary", "zh-hans"),
    ]


class ParticipantFinder(RecordFinder):
    """Finds the participants of spreadsheet rows, by seminar and person.

    A person without a record is planned with the participant and created by the same
    import.
    """

    def __init__(self, row_parser: RowParser, parsed_rows: list[ParsedRow]):
        self._row_parser = RelatedRowParser(row_parser, PersonResource(), "person")
        persons = [self._row_parser.extract(parsed_row) for parsed_row in parsed_rows]
        self._person_finder = PersonRecordFinder(self._row_parser, persons)
        self._planner = ImportPlanner(
            PersonResource(), self._row_parser, self._person_finder
        )
        self.plans = [self._planner.plan]
        self._person_rows = dict(
            zip([parsed_row.number for parsed_row in parsed_rows], persons, strict=True)
        )
        self._planned_persons: dict[int, tuple[RowPlan, ParsedRow]] = {}
        # id() of persons with errors in an earlier row, which are reported only once.
        self._invalid_persons: set[int] = set()
        self._first_row_numbers: dict[tuple[str, int], int] = {}
        self._existing_rows = _load_participants(
            row_parser.resource, parsed_rows, "seminar"
        )
        self._current_person = None

    def get_identifying_fields(self, parsed_row):
        return {"seminar", *(f"person.{name}" for name in IDENTIFYING_FIELDS)}

    def find(self, parsed_row):
        person_row = self._person_rows[parsed_row.number]
        self._current_person = person = self._plan_person(person_row).record
        seminar = parsed_row.values.get("seminar", "")
        first_row = self._first_row_numbers.setdefault(
            (seminar, id(person)), parsed_row.number
        )
        if first_row != parsed_row.number:
            raise RecordMatchError(
                _("The row says the same as row %(row)s. Remove one of them.")
                % {"row": first_row}
            )
        match = self._existing_rows.get((seminar, person.pk)) if person.pk else None
        if match is None and "organ" not in parsed_row.values:
            parsed_row.values["organ"] = parsed_row.cells["organ"] = (
                person_row.values.get("organ", "")
            )
        return match

    def new_instance(self, parsed_row):
        return Participant(person=self._current_person)

    def _plan_person(self, person_row: ParsedRow) -> RowPlan:
        """Return the plan for the person of a row, who may be named in several rows.

        The person is planned once, from the first row. Raises AlreadyReportedError if
        that row is invalid, RecordMatchError if this row has other values.
        """
        existing_person = _find_person(
            self._person_finder.matcher, person_row, "person"
        )
        if existing_person and id(existing_person[0]) in self._invalid_persons:
            raise AlreadyReportedError
        if existing_person and id(existing_person[0]) in self._planned_persons:
            planned, first = self._planned_persons[id(existing_person[0])]
            self._check_same_values(person_row, first)
            return planned
        planned = self._planner.plan_row(person_row)
        if planned is None:
            self._invalid_persons.add(
                id(existing_person[0] if existing_person else person_row)
            )
            raise AlreadyReportedError
        self._planned_persons[
            id(existing_person[0] if existing_person else person_row)
        ] = planned, person_row
        return planned

    def _check_same_values(self, person_row: ParsedRow, first: ParsedRow) -> None:
        """Raise RecordMatchError if a row has other values for a person than the first.

        A value that differs only in form is accepted with a warning.
        """
        differing = []
        # Other spellings of a recorded name were removed from ``values`` before.
        for name in person_row.values:
            cell, other = person_row.cells[name], first.cells[name]
            if cell in ("", other):
                continue
            if differ_only_in_form(name, cell, other):
                self._row_parser.warn(
                    person_row, name, build_spelling_warning(other, first.number)
                )
            else:
                differing.append(name)
        if differing:
            problem = _(
                "Row %(row)s has other values for this person: %(differences)s. "
                "Write the same values in both rows."
            ) % {
                "row": first.number,
                "differences": "; ".join(
                    self._difference(name, person_row, first) for name in differing
                ),
            }
            raise RecordMatchError(problem, f"person.{differing[0]}")

    def _difference(self, name: str, person_row: ParsedRow, first: ParsedRow) -> str:
        values = {
            "column": self._row_parser.heading_of(name),
            "first_row": first.number,
            "first": first.cells[name],
            "row": person_row.number,
            "value": person_row.cells[name],
        }
        if not values["first"]:
            return (
                _(
                    "%(column)s is empty in row %(first_row)s and “%(value)s” in row "
                    "%(row)s"
                )
                % values
            )
        return (
            _(
                "%(column)s is “%(first)s” in row %(first_row)s and “%(value)s” in row "
                "%(row)s"
            )
            % values
        )


class TrainingRecordFinder(RecordFinder):
    """Finds the training records of spreadsheet rows, by seminar and person.

    The person must already be a participant of the seminar.
    """

    def __init__(self, row_parser: RowParser, parsed_rows: list[ParsedRow]):
        self.plans = []
        self._row_parser = RelatedRowParser(
            row_parser, PersonResource(), "participant.person"
        )
        participants = ParticipantResource()
        self._participants = _load_participants(
            participants, parsed_rows, "participant.seminar"
        )
        persons_by_seminar: dict[str, set[int]] = defaultdict(set)
        for code, person in self._participants:
            persons_by_seminar[code].add(person)
        self._person_lookup = PersonMatcher(
            self._row_parser,
            [self._row_parser.extract(parsed_row) for parsed_row in parsed_rows],
            participants={
                parsed_row.number: persons_by_seminar.get(
                    parsed_row.values.get("participant.seminar", ""), set()
                )
                for parsed_row in parsed_rows
            },
        )
        pks = [participant.pk for participant, _values in self._participants.values()]
        self._existing_rows = _load_training_records(row_parser.resource, pks)
        self._first_row_numbers: dict[int, int] = {}
        self._current_participant = None

    treats_blank_as_empty = False

    def get_identifying_fields(self, parsed_row):
        persons = (f"participant.person.{name}" for name in IDENTIFYING_FIELDS)
        return {"participant.seminar", *persons}

    def find(self, parsed_row):
        existing_person = _find_person(
            self._person_lookup,
            self._row_parser.extract(parsed_row),
            "participant.person",
        )
        seminar = parsed_row.values.get("participant.seminar", "")
        match = (
            self._participants.get((seminar, existing_person[0].pk))
            if existing_person
            else None
        )
        if match is None:
            raise RecordMatchError(
                _("This person is no participant of the seminar: add that first."),
                "participant.person.name_own",
            )
        self._current_participant = match[0]
        first_row = self._first_row_numbers.setdefault(match[0].pk, parsed_row.number)
        if first_row != parsed_row.number:
            raise RecordMatchError(
                _("The row says the same as row %(row)s. Remove one of them.")
                % {"row": first_row}
            )
        if not parsed_row.values.get("role"):
            parsed_row.values.pop("role", None)
        return self._existing_rows.get(match[0].pk)

    def new_instance(self, parsed_row):
        return TrainingRecord(participant=self._current_participant)


def _find_person(people: PersonMatcher, person_row: ParsedRow, relation: str):
    """Find the person of a row; return the person and their values, None if unknown.

    ``relation`` is the path from the row's model to the person. A RecordMatchError
    gets the path as a prefix of its field, so that it names a column of the sheet.
    """
    try:
        return people.match(person_row)
    except RecordMatchError as problem:
        raise RecordMatchError(str(problem), f"{relation}.{problem.field}") from problem


def _load_participants(resource, parsed_rows: list[ParsedRow], seminar: str) -> dict:
    """Load the participants of all seminars named in the rows, with their values.

    The keys of the returned dict are (seminar code, primary key of the person).
    ``seminar`` is the field of a row that has the seminar code.
    """
    codes = list({parsed_row.values.get(seminar, "") for parsed_row in parsed_rows})
    participants = {}
    for start in range(0, len(codes), QUERY_BATCH_SIZE):
        batch = codes[start : start + QUERY_BATCH_SIZE]
        rows = list(resource.get_queryset().filter(seminar__code__in=batch))
        participants |= {
            (row.seminar.code, row.person_id): (row, values)
            for row, values in zip(rows, resource.get_values(rows), strict=True)
        }
    return participants


def _load_training_records(resource, participants: list[int]) -> dict:
    """Load training records and their values, by primary key of the participant."""
    training_records = {}
    for start in range(0, len(participants), QUERY_BATCH_SIZE):
        batch = participants[start : start + QUERY_BATCH_SIZE]
        rows = list(resource.get_queryset().filter(participant__in=batch))
        training_records |= {
            row.participant_id: (row, values)
            for row, values in zip(rows, resource.get_values(rows), strict=True)
        }
    return training_records


@register_resource
class ParticipantResource(Resource):
    """Spreadsheet of seminar participants; creates persons that have no record yet."""

    file = "seminar_participants.csv"
    model = Participant
    key = ""
    finder_class = ParticipantFinder
    columns = [
        ForeignKeyColumn(
            "seminar_code",
            "seminar",
            "seminars.Seminar",
            "code",
            other_headings=("研修班编号", "研修班名称", "培训班", "班次"),
        ),
        *RelatedFieldColumn.for_columns("person", PersonResource.columns),
        ForeignKeyColumn(
            "sent_by_organ_key",
            "organ",
            "directory.Organ",
            "key",
            other_headings=("派出单位", "选派单位"),
        ),
    ]

    @classmethod
    def get_written_models(cls):
        return (Participant, Person)


@register_resource
class TrainingRecordResource(Resource):
    """Spreadsheet of training records; the participants must have a record already."""

    file = "training_records.csv"
    model = TrainingRecord
    key = ""
    finder_class = TrainingRecordFinder
    columns = [
        *RelatedFieldColumn.for_columns(
            "participant",
            [
                column
                for column in ParticipantResource.columns
                if column.header
                in (
                    *("seminar_code", "person_number", "name_own", "name_latin"),
                    "organ_key",
                )
            ],
        ),
        ChoiceColumn("role", "role", TrainingRole),
        DecimalColumn(
            "hours_attended",
            "hours_attended",
            other_headings=("学时", "课时", "参训学时", "实际学时"),
        ),
        ChoiceColumn(
            "result",
            "result",
            TrainingResult,
            other_headings=("考核结果", "结业情况"),
        ),
    ]

    @classmethod
    def get_written_models(cls):
        return (TrainingRecord, Participant)
