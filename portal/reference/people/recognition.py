"""Match the rows of a spreadsheet to people on record, by names and organ.

A person matches if the organ is the one in the row and the names are equal; one of the
two names is enough if the row or the record lacks the other. Names that differ only in
form (capitals, spaces, script variants) are equal. If names differ in marks on letters
(Hồng and Hòng), in punctuation, or in characters such as 乾 and 干, the clerk has to
answer whether it is the same person.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.content.spreadsheets.questions import Option, Question
from portal.content.spreadsheets.record_finders import RecordMatchError, Unanswered
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE
from portal.content.spreadsheets.row_parsing import (
    ParsedRow,
    RelatedRowParser,
    RowParser,
)
from portal.core.translations.fields import comparable_name
from portal.core.translations.normal_form import name_key
from portal.reference.people.models import Person

# Each name field, mapped to the other name field.
_NAME_FIELDS = {"name_own": "name_latin", "name_latin": "name_own"}
# Fields that identify the person of a row.
IDENTIFYING_FIELDS = frozenset({"id", "organ", *_NAME_FIELDS})
# Answer to a question: none of the suggested people is the person of the row.
ANOTHER = "new"
# Exclusive upper limit of primary keys (signed 64-bit).
_PRIMARY_KEY_LIMIT = 2**63


class _Likeness(IntEnum):
    """Result of comparing a name in a row with the names of a person.

    ABSENT: the person has no such name, so the other name decides.
    """

    DIFFERENT = 0
    ABSENT = 1
    MARKS_DIFFER = 2
    SAME = 3


@dataclass(eq=False)
class _Candidate:
    """A person on record, or a new person from an earlier row, with their values.

    ``row`` is the number of the first row that matches this person, 0 before there is
    one; ``added`` has the names that this row gives and the record lacks.
    """

    person: Person | ParsedRow
    values: dict[str, object]
    row: int = 0
    added: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """Both names of the person, including names added by the first matching row."""
        return _names(self.values | self.added)

    @property
    def organ(self) -> str:
        return self.values.get("organ") or ""

    @property
    def choice(self) -> str:
        """Value of the answer option that selects this person."""
        if isinstance(self.person, ParsedRow):
            return f"row{self.person.number}"
        return str(self.person.pk)


class PersonMatcher:
    """Matches the rows of a spreadsheet to people.

    The candidates on record are loaded on creation, in batches, so the number of
    queries grows only with the number of batches.

    ``participants`` restricts the candidates: it maps the number of a row to the
    primary keys of the people whom the row may name. A clerk who imports such a list
    has no permission to view other people, and is not shown the rank of these.
    """

    def __init__(
        self,
        row_parser: RowParser | RelatedRowParser,
        parsed_rows: list[ParsedRow],
        participants: Mapping[int, Collection[int]] | None = None,
    ):
        self._row_parser, self._participants = row_parser, participants
        self._by_number: dict[int, _Candidate] = {}
        self._by_key: dict[str, list[_Candidate]] = defaultdict(list)
        self._folded_names: dict[str, str] = {}
        self._matches: dict[int, _Candidate | None] = {}
        self._answers: dict[tuple, tuple[str, _Candidate | None]] = {}
        self._warned: set[tuple] = set()
        self._read_numbers(parsed_row.values.get("id") for parsed_row in parsed_rows)
        self._read_names([_names(parsed_row.values) for parsed_row in parsed_rows])

    def match(self, parsed_row: ParsedRow) -> tuple[Person | ParsedRow, dict] | None:
        """Return the person that matches the row, with their values; None if new.

        Names that the person already has are removed from the row's values: a recorded
        spelling is not overwritten, and a warning is added to the import.

        Raise RecordMatchError if the person number is unknown, no name is given, or
        several people match. Raise Unanswered if the clerk first has to answer whether
        it is the same person.
        """
        if parsed_row.number not in self._matches:
            self._matches[parsed_row.number] = self._find_match(parsed_row)
        candidate = self._matches[parsed_row.number]
        return (candidate.person, candidate.values) if candidate else None

    def add_candidate(self, parsed_row: ParsedRow) -> None:
        """Add the new person of a row as a candidate for later rows."""
        candidate = _Candidate(parsed_row, parsed_row.values, row=parsed_row.number)
        for key in {
            self._fold_name(name) for name in _names(parsed_row.values).values()
        } - {""}:
            self._by_key[key].append(candidate)

    def _find_match(self, parsed_row: ParsedRow) -> _Candidate | None:
        if parsed_row.values.get("id"):
            # The number identifies the person, so different names are corrections.
            candidate = self._match_by_number(parsed_row.values["id"])
            self._add_names(parsed_row, candidate)
            return candidate
        if not any(map(self._fold_name, _names(parsed_row.values).values())):
            raise RecordMatchError(_("Enter the person's name."), "name_own")
        same, similar = self._get_candidates(parsed_row)
        if len(same) > 1:
            raise RecordMatchError(
                _(
                    "Several people have this name. Enter both the name in "
                    "Latin letters and the name in their own script."
                ),
                "name_own",
            )
        candidate = same[0] if same else None
        if similar and not same:
            candidate = self._ask(parsed_row, similar)
        if candidate:
            self._drop_recorded_names(parsed_row, candidate)
            self._add_names(parsed_row, candidate)
        return candidate

    def _match_by_number(self, number: int) -> _Candidate:
        if number not in self._by_number:
            raise RecordMatchError(
                _("There is no person with this number. Correct the number."), "id"
            )
        return self._by_number[number]

    def _get_candidates(
        self, parsed_row: ParsedRow
    ) -> tuple[list[_Candidate], list[_Candidate]]:
        """Return the people with equal names, and those whose names differ in marks."""
        organ = parsed_row.values.get("organ") or ""
        keys = {
            self._fold_name(name) for name in _names(parsed_row.values).values()
        } - {""}
        candidates = {
            id(candidate): candidate
            for key in keys
            for candidate in self._by_key.get(key, ())
            if candidate.organ == organ and self._is_allowed(parsed_row, candidate)
        }
        by_likeness: dict[_Likeness, list[_Candidate]] = defaultdict(list)
        for candidate in candidates.values():
            by_likeness[self._compare_person(parsed_row, candidate)].append(candidate)
        return by_likeness[_Likeness.SAME], by_likeness[_Likeness.MARKS_DIFFER]

    def _is_allowed(self, parsed_row: ParsedRow, candidate: _Candidate) -> bool:
        if self._participants is None:
            return True
        pk = getattr(candidate.person, "pk", None)
        return pk in self._participants.get(parsed_row.number, ())

    def _compare_person(
        self, parsed_row: ParsedRow, candidate: _Candidate
    ) -> _Likeness:
        compared = {
            likeness
            for likeness, _spelling in self._compare(parsed_row, candidate).values()
            if likeness != _Likeness.ABSENT
        }
        return min(compared, default=_Likeness.DIFFERENT)

    def _compare(
        self, parsed_row: ParsedRow, candidate: _Candidate
    ) -> dict[str, tuple[_Likeness, str]]:
        """Compare each name in the row with the recorded names.

        Return by name field the likeness and the closest recorded spelling. Both
        recorded names are tried, because a list may have a name in the other column:
        the Vietnamese name of a person is in Latin letters and in their own script.
        """
        row_names, recorded = _names(parsed_row.values), candidate.names
        compared = {}
        for name, other_name in _NAME_FIELDS.items():
            if not row_names[name]:
                continue
            if row_names[other_name] and not recorded[name]:
                compared[name] = _Likeness.ABSENT, ""
                continue
            spellings = [recorded[name], recorded[other_name]]
            likenesses = [
                self._compare_name(row_names[name], spelling) for spelling in spellings
            ]
            closest = max(likenesses)
            if closest == _Likeness.DIFFERENT and name in candidate.added:
                # Two rows contradict each other and the record has neither name.
                compared[name] = _Likeness.ABSENT, ""
                continue
            compared[name] = closest, spellings[likenesses.index(closest)]
        return compared

    def _compare_name(self, name: str, recorded: str) -> _Likeness:
        if name == recorded:
            return _Likeness.SAME
        if not recorded or self._fold_name(name) != self._fold_name(recorded):
            return _Likeness.DIFFERENT
        is_same_name = name_key(name) == name_key(recorded)
        return _Likeness.SAME if is_same_name else _Likeness.MARKS_DIFFER

    def _ask(
        self, parsed_row: ParsedRow, similar: list[_Candidate]
    ) -> _Candidate | None:
        """Return the person chosen by the clerk, None for a different person.

        The question is asked once for all rows with the same names and organ.
        """
        names = _names(parsed_row.values).values()
        choices = {candidate.choice: candidate for candidate in similar}
        question_key = (
            parsed_row.values.get("organ") or "",
            *map(name_key, names),
            *choices,
        )
        if question_key not in self._answers:
            answer = self._row_parser.ask(self._question(parsed_row, choices))
            self._answers[question_key] = answer, choices.get(answer)
        answer, candidate = self._answers[question_key]
        if not answer:
            raise Unanswered(
                _("Answer whether this is the same person before you continue.")
            )
        return candidate

    def _question(
        self, parsed_row: ParsedRow, choices: dict[str, _Candidate]
    ) -> Question:
        """Build the question whether the row means one of the similar people.

        Its key has the suggested people and a digest of all names, so that an answer is
        valid only for the names that the clerk saw.
        """
        cells = {
            self._row_parser.heading_of(name): parsed_row.cells[name]
            for name in (*_NAME_FIELDS, "rank", "organ")
            if parsed_row.cells.get(name)
        }
        text = _(
            "Row %(row)s (%(cells)s): the name differs from a name "
            "below only in accents, punctuation or character variants. "
            "Is this the same person? If so, the spelling below is "
            "kept."
        ) % {
            "row": parsed_row.number,
            "cells": ", ".join(f"{heading}: {cell}" for heading, cell in cells.items()),
        }
        is_detailed = self._participants is None
        options = [
            Option(choice, _label(candidate, is_detailed=is_detailed))
            for choice, candidate in choices.items()
        ]
        return Question(
            key=":".join(
                [
                    "person",
                    str(parsed_row.number),
                    _digest(parsed_row, choices.values()),
                    *choices,
                ]
            ),
            text=text,
            options=(*options, Option(ANOTHER, _("No, a different person"))),
        )

    def _drop_recorded_names(
        self, parsed_row: ParsedRow, candidate: _Candidate
    ) -> None:
        """Remove names that the person already has from the row.

        Add a warning to the import if the row has another spelling.
        """
        for name, (likeness, spelling) in self._compare(parsed_row, candidate).items():
            if likeness == _Likeness.ABSENT:
                continue
            name_in_row = parsed_row.values.pop(name)
            warning_key = candidate.choice, name, name_in_row
            if name_in_row == spelling or warning_key in self._warned:
                continue
            self._warned.add(warning_key)
            is_recorded = (
                isinstance(candidate.person, Person)
                and spelling in _names(candidate.values).values()
            )
            row = 0 if is_recorded else candidate.row
            self._row_parser.warn(
                parsed_row, name, build_spelling_warning(spelling, row)
            )

    def _add_names(self, parsed_row: ParsedRow, candidate: _Candidate) -> None:
        """Record the new names from the first row of a person.

        Later rows are compared with these names too.
        """
        # Lists of participants' training do not change names.
        if candidate.row or self._participants is not None:
            return
        candidate.row = parsed_row.number
        recorded = _names(candidate.values)
        for name, name_in_row in _names(parsed_row.values).items():
            if name_in_row and not recorded[name]:
                candidate.added[name] = name_in_row
                self._by_key[self._fold_name(name_in_row)].append(candidate)

    def _fold_name(self, name: str) -> str:
        if name not in self._folded_names:
            self._folded_names[name] = comparable_name(name)
        return self._folded_names[name]

    def _read_numbers(self, numbers: Iterable[int | None]) -> None:
        pks = list(
            {number for number in numbers if number and number < _PRIMARY_KEY_LIMIT}
        )
        for start in range(0, len(pks), QUERY_BATCH_SIZE):
            self._load_candidates(Q(pk__in=pks[start : start + QUERY_BATCH_SIZE]))

    def _read_names(self, rows: list[dict[str, str]]) -> None:
        """Load the candidates by name.

        Both names of a row are in the same query, so that each person is loaded once.
        """
        pairs = list(dict.fromkeys(tuple(names.values()) for names in rows))
        step = QUERY_BATCH_SIZE // len(_NAME_FIELDS)
        for start in range(0, len(pairs), step):
            names = {name for pair in pairs[start : start + step] for name in pair}
            if name_keys := {self._fold_name(name) for name in names} - {""}:
                self._load_candidates(
                    Q(name_own_key__in=name_keys) | Q(name_latin_key__in=name_keys)
                )

    def _load_candidates(self, condition: Q) -> None:
        rows = self._row_parser.resource.get_queryset().filter(condition).order_by("pk")
        # Prefetch instead of join: many people share an organ, and organs have many
        # columns.
        rows = rows.select_related(None).prefetch_related("organ", "country")
        people = [person for person in rows if person.pk not in self._by_number]
        values = self._row_parser.resource.get_values(people)
        for person, person_values in zip(people, values, strict=True):
            self._by_number[person.pk] = candidate = _Candidate(person, person_values)
            for key in {person.name_own_key, person.name_latin_key} - {""}:
                self._by_key[key].append(candidate)


def _names(values: dict) -> dict[str, str]:
    return {name: values.get(name) or "" for name in _NAME_FIELDS}


def _label(candidate: _Candidate, *, is_detailed: bool) -> str:
    person = candidate.person
    if isinstance(person, ParsedRow):
        parts = [person.cells.get(n) for n in (*_NAME_FIELDS, "rank", "organ")]
        return _("Yes, the same as row %(row)s: %(person)s") % {
            "row": person.number,
            "person": ", ".join(filter(None, parts)),
        }
    names, organ = list(candidate.names.values()), person.organ
    if not is_detailed:
        return _("Yes, the same as %(person)s") % {
            "person": ", ".join(filter(None, [*names, organ and str(organ)]))
        }
    parts, organ = [*names, person.rank], str(organ or person.country)
    return _("Yes, the same as %(person)s (person number %(number)s)") % {
        "number": person.pk,
        "person": ", ".join(filter(None, [*parts, organ])),
    }


def _digest(parsed_row: ParsedRow, offered: Iterable[_Candidate]) -> str:
    """Return a short digest of the names and organs of a row and its candidates.

    It changes if any of them changes, so that an earlier answer becomes invalid.
    """
    compared = [(_names(parsed_row.values), parsed_row.values.get("organ") or "")]
    compared += [(candidate.names, candidate.organ) for candidate in offered]
    return hashlib.sha256(json.dumps(compared).encode()).hexdigest()[:16]


def build_spelling_warning(spelling: str, row: int = 0) -> str:
    """Return the warning that another spelling is used.

    That spelling is in the record or, if ``row`` is not 0, in that earlier row.
    """
    if row:
        return _("The spelling “%(name)s” in row %(row)s is used.") % {
            "row": row,
            "name": spelling,
        }
    return _("The existing spelling “%(name)s” is kept.") % {"name": spelling}


def differ_only_in_form(name: str, cell: str, other: str) -> bool:
    """Return whether two cells of the field ``name`` are spellings of one name."""
    return name in _NAME_FIELDS and bool(other) and name_key(cell) == name_key(other)
