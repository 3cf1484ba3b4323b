"""Spreadsheet columns of seminars, participants and training records.

Rows of participants and training records are matched with records by seminar and
person.
"""

from collections import defaultdict
from functools import reduce
from typing import ClassVar

from django.db import models
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
from portal.content.spreadsheets.record_finders import RecordFinder, RecordMatchError
from portal.content.spreadsheets.registry import register_resource
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE, Resource
from portal.content.spreadsheets.row_parsing import (
    ParsedRow,
    RelatedRowParser,
    RowParser,
)
from portal.reference.people.models import Person
from portal.reference.people.person_rows import (
    PersonRowFinder,
    find_person,
    load_by_owner_and_person,
)
from portal.reference.people.recognition import IDENTIFYING_FIELDS, PersonMatcher
from portal.reference.people.resources import PersonResource
from seminars.choices import Audience, TrainingResult, TrainingRole
from seminars.models import Certificate, Participant, Seminar, TrainingRecord


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


class ParticipantFinder(PersonRowFinder):
    """Finds the participants of spreadsheet rows, by seminar and person."""

    owner = "seminar"

    def complete_new_row(self, parsed_row, person_row):
        """Fill in the organ of the person if the sheet has no column for the sender."""
        if "organ" not in parsed_row.values:
            parsed_row.values["organ"] = parsed_row.cells["organ"] = (
                person_row.values.get("organ", "")
            )


class TrainingRecordFinder(RecordFinder):
    """Finds the training records of spreadsheet rows, by seminar and person.

    The person must already be a participant of the seminar. ``path`` is the path from
    the row's model to the participant.
    """

    path: ClassVar[str] = "participant"

    def __init__(self, row_parser: RowParser, parsed_rows: list[ParsedRow]):
        self.plans = []
        self._row_parser = RelatedRowParser(
            row_parser, PersonResource(), f"{self.path}.person"
        )
        participants = ParticipantResource()
        self._participants = load_by_owner_and_person(
            participants, parsed_rows, f"{self.path}.seminar", owner="seminar"
        )
        persons_by_seminar: dict[str, set[int]] = defaultdict(set)
        for code, person in self._participants:
            persons_by_seminar[code].add(person)
        self._person_lookup = PersonMatcher(
            self._row_parser,
            [self._row_parser.extract(parsed_row) for parsed_row in parsed_rows],
            participants={
                parsed_row.number: persons_by_seminar.get(
                    parsed_row.values.get(f"{self.path}.seminar", ""), set()
                )
                for parsed_row in parsed_rows
            },
        )
        pks = [participant.pk for participant, _values in self._participants.values()]
        self._existing_rows = _load_by_participant(
            row_parser.resource, pks, self.path.split(".")
        )
        self._first_row_numbers: dict[int, int] = {}
        self._current_participant = None

    treats_blank_as_empty = False

    def get_identifying_fields(self, parsed_row):
        persons = (f"{self.path}.person.{name}" for name in IDENTIFYING_FIELDS)
        return {f"{self.path}.seminar", *persons}

    def find(self, parsed_row):
        existing_person = find_person(
            self._person_lookup,
            self._row_parser.extract(parsed_row),
            f"{self.path}.person",
        )
        seminar = parsed_row.values.get(f"{self.path}.seminar", "")
        match = (
            self._participants.get((seminar, existing_person[0].pk))
            if existing_person
            else None
        )
        if match is None:
            raise RecordMatchError(
                _(
                    "This person is not a participant in the seminar. Add them "
                    "as a participant first."
                ),
                f"{self.path}.person.name_own",
            )
        self._current_participant = match[0]
        first_row = self._first_row_numbers.setdefault(match[0].pk, parsed_row.number)
        if first_row != parsed_row.number:
            raise RecordMatchError(
                _("This row is the same as row %(row)s. Remove one of the rows.")
                % {"row": first_row}
            )
        if not parsed_row.values.get("role"):
            parsed_row.values.pop("role", None)
        return self._existing_rows.get(match[0].pk)

    def new_instance(self, parsed_row):
        return TrainingRecord(participant=self._current_participant)


class CertificateFinder(TrainingRecordFinder):
    """Finds the certificates of spreadsheet rows, by seminar and person.

    The person must already have a training record of the seminar.
    """

    path = "training_record.participant"

    def __init__(self, row_parser: RowParser, parsed_rows: list[ParsedRow]):
        super().__init__(row_parser, parsed_rows)
        pks = [participant.pk for participant, _values in self._participants.values()]
        self._training_records = {
            pk: record
            for pk, (record, _values) in _load_by_participant(
                TrainingRecordResource(), pks, ["participant"]
            ).items()
        }
        # Primary keys of the participants, by number.
        self._owners = _load_certificate_owners(parsed_rows)

    def find(self, parsed_row):
        match = super().find(parsed_row)
        participant = self._current_participant.pk
        if participant not in self._training_records:
            raise RecordMatchError(
                _("This person has no training record of the seminar: add that first."),
                f"{self.path}.person.name_own",
            )
        number = parsed_row.values.get("number", "")
        if number and self._owners.setdefault(number, participant) != participant:
            raise RecordMatchError(
                _("This is the number of another certificate."), "number"
            )
        return match

    def new_instance(self, parsed_row):
        record = self._training_records[self._current_participant.pk]
        return Certificate(training_record=record)


def _load_by_participant(
    resource: Resource, participants: list[int], path: list[str]
) -> dict[int, tuple[models.Model, dict]]:
    """Load rows of ``resource`` and their values, by primary key of the participant.

    ``path`` are the foreign keys that lead from such a row to its participant.
    """
    existing = {}
    for start in range(0, len(participants), QUERY_BATCH_SIZE):
        batch = participants[start : start + QUERY_BATCH_SIZE]
        lookup = {f"{'__'.join(path)}__in": batch}
        rows = list(resource.get_queryset().filter(**lookup))
        for row, values in zip(rows, resource.get_values(rows), strict=True):
            participant = reduce(getattr, path, row)
            existing[participant.pk] = row, values
    return existing


def _load_certificate_owners(parsed_rows: list[ParsedRow]) -> dict[str, int]:
    """Return the participants of the certificates whose number the rows have."""
    numbers = list({parsed_row.values.get("number", "") for parsed_row in parsed_rows})
    owners: dict[str, int] = {}
    for start in range(0, len(numbers), QUERY_BATCH_SIZE):
        batch = numbers[start : start + QUERY_BATCH_SIZE]
        rows = Certificate.objects.filter(number__in=batch)
        owners |= dict(rows.values_list("number", "training_record__participant"))
    return owners


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
            other_headings=("派出单位", "选派单位", "派出机构"),
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


@register_resource
class CertificateResource(Resource):
    """Spreadsheet of certificates; the training records must exist already.

    An issued certificate can be verified on the public site, so a sheet adds
    certificates but does not change them.
    """

    file = "certificates.csv"
    model = Certificate
    key = ""
    finder_class = CertificateFinder
    is_immediately_public = True
    columns = [
        *RelatedFieldColumn.for_columns(
            "training_record",
            [
                column
                for column in TrainingRecordResource.columns
                if column.field.startswith("participant.")
            ],
        ),
        Column("number", "number", other_headings=("证书编号", "结业证书编号")),
        DateColumn(
            "issued_on",
            "issued_on",
            other_headings=("颁发日期", "发证日期", "发证时间"),
        ),
    ]

    @classmethod
    def get_written_models(cls):
        return (Certificate, TrainingRecord, Participant)
