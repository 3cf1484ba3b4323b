"""Sheet rows that link a record and a person, such as participants and members."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext as _

from portal.content.spreadsheets.import_plan import RowPlan
from portal.content.spreadsheets.planning import ImportPlanner
from portal.content.spreadsheets.record_finders import (
    AlreadyReportedError,
    RecordFinder,
    RecordMatchError,
)
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE, Resource
from portal.content.spreadsheets.row_parsing import (
    ParsedRow,
    RelatedRowParser,
    RowParser,
)
from portal.reference.people.recognition import (
    IDENTIFYING_FIELDS,
    PersonMatcher,
    build_spelling_warning,
    differ_only_in_form,
)
from portal.reference.people.resources import PersonRecordFinder, PersonResource


class PersonRowFinder(RecordFinder):
    """Finds rows that link a record and a person, such as participants of a seminar.

    ``owner`` is the foreign key to the record, which has a code. A person without a
    record is planned with the row and created by the same import.
    """

    owner: ClassVar[str]

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
        self._model = row_parser.resource.model
        self._existing_rows = load_by_owner_and_person(
            row_parser.resource, parsed_rows, self.owner, owner=self.owner
        )
        self._current_person = None

    def get_identifying_fields(self, parsed_row):
        return {self.owner, *(f"person.{name}" for name in IDENTIFYING_FIELDS)}

    def find(self, parsed_row):
        person_row = self._person_rows[parsed_row.number]
        self._current_person = person = self._plan_person(person_row).record
        code = parsed_row.values.get(self.owner, "")
        first_row = self._first_row_numbers.setdefault(
            (code, id(person)), parsed_row.number
        )
        if first_row != parsed_row.number:
            raise RecordMatchError(
                _("This row is the same as row %(row)s. Remove one of the rows.")
                % {"row": first_row}
            )
        match = self._existing_rows.get((code, person.pk)) if person.pk else None
        if match is None:
            self.complete_new_row(parsed_row, person_row)
        return match

    def complete_new_row(self, parsed_row: ParsedRow, person_row: ParsedRow) -> None:
        """Fill in values of a new row that follow from the person's values."""

    def new_instance(self, parsed_row):
        return self._model(person=self._current_person)

    def _plan_person(self, person_row: ParsedRow) -> RowPlan:
        """Return the plan for the person of a row, who may be named in several rows.

        The person is planned once, from the first row. Raises AlreadyReportedError if
        that row is invalid, RecordMatchError if this row has other values.
        """
        existing_person = find_person(self._person_finder.matcher, person_row, "person")
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
                "Row %(row)s has different values for this person: "
                "%(differences)s. Enter the same values in both rows."
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


def find_person(people: PersonMatcher, person_row: ParsedRow, relation: str):
    """Find the person of a row; return the person and their values, None if unknown.

    ``relation`` is the path from the row's model to the person. A RecordMatchError
    gets the path as a prefix of its field, so that it names a column of the sheet.
    """
    try:
        return people.match(person_row)
    except RecordMatchError as problem:
        raise RecordMatchError(str(problem), f"{relation}.{problem.field}") from problem


def load_by_owner_and_person(
    resource: Resource, parsed_rows: list[ParsedRow], field: str, *, owner: str
) -> dict[tuple[str, int], tuple[models.Model, dict]]:
    """Load the rows of all owners that are named in the sheet, with their values.

    The keys of the returned dict are (code of the owner, primary key of the person).
    ``field`` is the field of a sheet row that has the code, ``owner`` the foreign key
    of ``resource`` to the owner.
    """
    codes = list({parsed_row.values.get(field, "") for parsed_row in parsed_rows})
    existing = {}
    for start in range(0, len(codes), QUERY_BATCH_SIZE):
        lookup = {f"{owner}__code__in": codes[start : start + QUERY_BATCH_SIZE]}
        rows = list(resource.get_queryset().filter(**lookup))
        existing |= {
            (getattr(row, owner).code, row.person_id): (row, values)
            for row, values in zip(rows, resource.get_values(rows), strict=True)
        }
    return existing
