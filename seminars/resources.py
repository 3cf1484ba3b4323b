"""Columns of seminars.csv, seminar_participants.csv and training_records.csv."""

from collections import defaultdict

from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.people.models import Person
from portal.people.recognition import (
    TOLD_APART_BY,
    People,
    differ_only_in_form,
    kept_spelling,
)
from portal.people.resources import PersonFinder, PersonResource
from portal.publishing.choices import Confidence, EventState, Precision, Scope
from portal.publishing.columns import (
    Choice,
    Column,
    Day,
    Decimals,
    Lines,
    Number,
    Of,
    Parties,
    Reference,
    References,
    Sources,
    Translated,
)
from portal.publishing.plans import RowPlan
from portal.publishing.resources import AT_ONCE, Resource
from portal.publishing.spreadsheets.finding import AlreadyTold, BadRow, Finder
from portal.publishing.spreadsheets.planning import Planner
from portal.publishing.spreadsheets.registry import spreadsheet
from portal.publishing.spreadsheets.rows import PartRows, Rows, Told
from seminars.choices import Audience, TrainingResult, TrainingRole
from seminars.models import Participant, Seminar, TrainingRecord


@spreadsheet
class SeminarResource(Resource):
    file = "seminars.csv"
    model = Seminar
    key = "code"
    natural_key = ("title_zh_hans", "title_en", "starts_on")
    columns = [
        Column("code", "code"),
        Choice("scope", "scope", Scope),
        Choice("audience", "audience", Audience),
        Translated("title_en", "title", "en"),
        Translated("title_zh", "title", "zh-hans"),
        Day("starts_on", "starts_on", precision="date_precision"),
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
    office_columns = [
        Choice("state", "state", EventState),
        Decimals("hours", "hours"),
        Translated("summary_en", "summary", "en"),
        Translated("summary_zh", "summary", "zh-hans"),
        Lines("topic_zh", build_localized_fieldname("subjects", "zh-hans")),
        Translated("notes_zh", "remark", "zh-hans"),
    ]


class ParticipantFinder(Finder):
    """By seminar and person. Persons who are not on record are planned beside."""

    def __init__(self, rows: Rows, tolds: list[Told]):
        self._rows = PartRows(rows, PersonResource(), "person")
        persons = [self._rows.part(told) for told in tolds]
        self._who = PersonFinder(self._rows, persons)
        self._planner = Planner(PersonResource(), self._rows, self._who)
        self.plans = [self._planner.plan]
        self._persons = dict(zip([told.number for told in tolds], persons, strict=True))
        self._planned: dict[int, tuple[RowPlan, Told]] = {}
        # Persons of whom an earlier row tells what is wrong.
        self._refused: set[int] = set()
        self._seen: dict[tuple[str, int], int] = {}
        self._present = _participants(rows.resource, tolds, "seminar")
        self._person = None

    def told_apart_by(self, told):
        return {"seminar", *(f"person.{name}" for name in TOLD_APART_BY)}

    def find(self, told):
        part = self._persons[told.number]
        self._person = person = self._plan_of(part).record
        seminar = told.values.get("seminar", "")
        first = self._seen.setdefault((seminar, id(person)), told.number)
        if first != told.number:
            raise BadRow(
                _("The row says the same as row %(row)s. Remove one of them.")
                % {"row": first}
            )
        found = self._present.get((seminar, person.pk)) if person.pk else None
        if found is None and "organ" not in told.values:
            told.values["organ"] = told.cells["organ"] = part.values.get("organ", "")
        return found

    def fresh(self, told):
        return Participant(person=self._person)

    def _plan_of(self, part: Told) -> RowPlan:
        """What is done with the person of a row, who may stand in several."""
        known = _person_of(self._who.people, part, "person")
        if known and id(known[0]) in self._refused:
            raise AlreadyTold
        if known and id(known[0]) in self._planned:
            planned, first = self._planned[id(known[0])]
            self._check_same_values(part, first)
            return planned
        planned = self._planner.add(part)
        if planned is None:
            self._refused.add(id(known[0] if known else part))
            raise AlreadyTold
        self._planned[id(known[0] if known else part)] = planned, part
        return planned

    def _check_same_values(self, part: Told, first: Told) -> None:
        """Refuse a row that has other values of a person than their first row."""
        differing = []
        # A name that is the person's in another spelling is no value any more.
        for name in part.values:
            cell, other = part.cells[name], first.cells[name]
            if cell in ("", other):
                continue
            if differ_only_in_form(name, cell, other):
                self._rows.warn(part, name, kept_spelling(other, first.number))
            else:
                differing.append(name)
        if differing:
            problem = _(
                "Row %(row)s has other values for this person: %(differences)s. "
                "Write the same values in both rows."
            ) % {
                "row": first.number,
                "differences": "; ".join(
                    self._difference(name, part, first) for name in differing
                ),
            }
            raise BadRow(problem, f"person.{differing[0]}")

    def _difference(self, name: str, part: Told, first: Told) -> str:
        values = {
            "column": self._rows.heading_of(name),
            "first_row": first.number,
            "first": first.cells[name],
            "row": part.number,
            "value": part.cells[name],
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


class TrainingRecordFinder(Finder):
    """By seminar and person, who has to be a participant."""

    def __init__(self, rows: Rows, tolds: list[Told]):
        self.plans = []
        self._rows = PartRows(rows, PersonResource(), "participant.person")
        participants = ParticipantResource()
        self._participants = _participants(participants, tolds, "participant.seminar")
        of_seminar: dict[str, set[int]] = defaultdict(set)
        for code, person in self._participants:
            of_seminar[code].add(person)
        self._people = People(
            self._rows,
            [self._rows.part(told) for told in tolds],
            participants={
                told.number: of_seminar.get(
                    told.values.get("participant.seminar", ""), set()
                )
                for told in tolds
            },
        )
        pks = [participant.pk for participant, _told in self._participants.values()]
        self._present = _training_records(rows.resource, pks)
        self._seen: dict[int, int] = {}
        self._participant = None

    says_blanks = False

    def told_apart_by(self, told):
        persons = (f"participant.person.{name}" for name in TOLD_APART_BY)
        return {"participant.seminar", *persons}

    def find(self, told):
        known = _person_of(self._people, self._rows.part(told), "participant.person")
        seminar = told.values.get("participant.seminar", "")
        found = self._participants.get((seminar, known[0].pk)) if known else None
        if found is None:
            raise BadRow(
                _("This person is no participant of the seminar: add that first."),
                "participant.person.name_own",
            )
        self._participant = found[0]
        first = self._seen.setdefault(found[0].pk, told.number)
        if first != told.number:
            raise BadRow(
                _("The row says the same as row %(row)s. Remove one of them.")
                % {"row": first}
            )
        if not told.values.get("role"):
            told.values.pop("role", None)
        return self._present.get(found[0].pk)

    def fresh(self, told):
        return TrainingRecord(participant=self._participant)


def _person_of(people: People, part: Told, relation: str):
    """Whom a row names, as ``people.find`` does; an error names the row's column."""
    try:
        return people.find(part)
    except BadRow as problem:
        raise BadRow(str(problem), f"{relation}.{problem.field}") from problem


def _participants(resource, tolds: list[Told], seminar: str) -> dict:
    """Participants of the seminars that rows name, with their values, by seminar and
    person."""
    codes = list({told.values.get(seminar, "") for told in tolds})
    found = {}
    for start in range(0, len(codes), AT_ONCE):
        some = codes[start : start + AT_ONCE]
        rows = list(resource.records().filter(seminar__code__in=some))
        found |= {
            (row.seminar.code, row.person_id): (row, told)
            for row, told in zip(rows, resource.tell(rows), strict=True)
        }
    return found


def _training_records(resource, participants: list[int]) -> dict:
    """Training records with their values, by participant."""
    found = {}
    for start in range(0, len(participants), AT_ONCE):
        some = participants[start : start + AT_ONCE]
        rows = list(resource.records().filter(participant__in=some))
        found |= {
            row.participant_id: (row, told)
            for row, told in zip(rows, resource.tell(rows), strict=True)
        }
    return found


@spreadsheet
class ParticipantResource(Resource):
    """Who took part: persons who are not on record yet are made with it."""

    file = "seminar_participants.csv"
    model = Participant
    key = ""
    finder = ParticipantFinder
    columns = [
        Reference("seminar_code", "seminar", "seminars.Seminar", "code"),
        *Of.each("person", PersonResource.columns),
        Reference("sent_by_organ_key", "organ", "directory.Organ", "key"),
    ]

    @classmethod
    def needs(cls):
        return (Participant, Person)


@spreadsheet
class TrainingRecordResource(Resource):
    """How the training of participants ended; they have to be on record."""

    file = "training_records.csv"
    model = TrainingRecord
    key = ""
    finder = TrainingRecordFinder
    columns = [
        *Of.each(
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
        Choice("role", "role", TrainingRole),
        Decimals("hours_attended", "hours_attended"),
        Choice("result", "result", TrainingResult),
    ]

    @classmethod
    def needs(cls):
        return (TrainingRecord, Participant)
