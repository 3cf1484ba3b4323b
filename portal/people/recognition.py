"""Recognition of the people whom the rows of a sheet name, by names and organ.

A person is of the same organ as the row says and has the names that it gives; of two
names one is enough where row or record lacks the other. Names that differ only in form
(capitals, spaces, script variants) are the same. Where they differ in marks on letters,
as Hồng and Hòng do, in punctuation, or in characters such as 乾 and 干, only the clerk
knows whether it is the same person and is asked.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.people.models import Person
from portal.publishing.resources import AT_ONCE
from portal.publishing.spreadsheets.finding import BadRow, Unanswered
from portal.publishing.spreadsheets.questions import Option, Question
from portal.publishing.spreadsheets.rows import PartRows, Rows, Told
from portal.translations.fields import comparable_name
from portal.translations.folding import name_key

# Each name, and the other one.
_NAMES = {"name_own": "name_latin", "name_latin": "name_own"}
# By these a row says which person it means.
TOLD_APART_BY = frozenset({"id", "organ", *_NAMES})
# The answer that none of the people offered is meant.
ANOTHER = "new"
# No database has as many rows.
_BEYOND = 2**63


class _Likeness(IntEnum):
    """How a name of a row compares to a person's; ABSENT: the person has no such name,
    and another name decides."""

    DIFFERENT = 0
    ABSENT = 1
    MARKS_DIFFER = 2
    SAME = 3


@dataclass(eq=False)
class _Known:
    """A person on record, or a new one of an earlier row, with their values.

    ``row`` is the number of the first row that means this person, 0 before there is
    one; ``added`` has the names that this row gives and the record lacks.
    """

    subject: Person | Told
    values: dict[str, object]
    row: int = 0
    added: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """Both names as they will be once the first row is written."""
        return _names(self.values | self.added)

    @property
    def organ(self) -> str:
        return self.values.get("organ") or ""

    @property
    def choice(self) -> str:
        """The value of the answer that this person is meant."""
        if isinstance(self.subject, Told):
            return f"row{self.subject.number}"
        return str(self.subject.pk)


class People:
    """The people whom ``tolds``, the rows of a sheet, may mean.

    Those on record are read when it is made, with a number of queries that depends on
    the number of rows only by blocks of AT_ONCE.

    ``participants`` limits whom a row may mean: by the number of the row, the keys of
    the people among whom it names one. The clerk who writes such a list may not see
    others, and is not shown the rank of these.
    """

    def __init__(
        self,
        rows: Rows | PartRows,
        tolds: list[Told],
        participants: Mapping[int, Collection[int]] | None = None,
    ):
        self._rows, self._participants = rows, participants
        self._by_number: dict[int, _Known] = {}
        self._by_key: dict[str, list[_Known]] = defaultdict(list)
        self._loose_keys: dict[str, str] = {}
        self._recognised: dict[int, _Known | None] = {}
        self._answers: dict[tuple, tuple[str, _Known | None]] = {}
        self._warned: set[tuple] = set()
        self._read_numbers(told.values.get("id") for told in tolds)
        self._read_names([_names(told.values) for told in tolds])

    def find(self, told: Told) -> tuple[Person | Told, dict] | None:
        """The person whom the row means, with their values; None for a new one.

        Of the names of the row only those that the person lacks stay in its values: a
        recorded spelling is not overwritten, and the clerk is warned.

        Raises BadRow when there is no such number, no name, or several people have it,
        Unanswered when the clerk has to say first whether it is the same person.
        """
        if told.number not in self._recognised:
            self._recognised[told.number] = self._recognise(told)
        known = self._recognised[told.number]
        return (known.subject, known.values) if known else None

    def add(self, told: Told) -> None:
        """Have the new person of a row found by later rows."""
        known = _Known(told, told.values, row=told.number)
        for key in {self._loose(name) for name in _names(told.values).values()} - {""}:
            self._by_key[key].append(known)

    def _recognise(self, told: Told) -> _Known | None:
        if told.values.get("id"):
            # The number says who is meant, so the names are meant as corrections.
            known = self._numbered(told.values["id"])
            self._add_names(told, known)
            return known
        if not any(map(self._loose, _names(told.values).values())):
            raise BadRow(_("Write the person's name."), "name_own")
        same, similar = self._candidates(told)
        if len(same) > 1:
            raise BadRow(
                _("Several people have this name. Write both names."), "name_own"
            )
        known = same[0] if same else None
        if similar and not same:
            known = self._ask(told, similar)
        if known:
            self._keep_spelling(told, known)
            self._add_names(told, known)
        return known

    def _numbered(self, number: int) -> _Known:
        if number not in self._by_number:
            raise BadRow(_("There is no person with this number."), "id")
        return self._by_number[number]

    def _candidates(self, told: Told) -> tuple[list[_Known], list[_Known]]:
        """Who has the names of the row, and who has names that differ only in marks."""
        organ = told.values.get("organ") or ""
        keys = {self._loose(name) for name in _names(told.values).values()} - {""}
        found = {
            id(known): known
            for key in keys
            for known in self._by_key.get(key, ())
            if known.organ == organ and self._may_be_meant(told, known)
        }
        by_likeness: dict[_Likeness, list[_Known]] = defaultdict(list)
        for known in found.values():
            by_likeness[self._likeness(told, known)].append(known)
        return by_likeness[_Likeness.SAME], by_likeness[_Likeness.MARKS_DIFFER]

    def _may_be_meant(self, told: Told, known: _Known) -> bool:
        if self._participants is None:
            return True
        pk = getattr(known.subject, "pk", None)
        return pk in self._participants.get(told.number, ())

    def _likeness(self, told: Told, known: _Known) -> _Likeness:
        compared = {
            likeness
            for likeness, _spelling in self._compare(told, known).values()
            if likeness != _Likeness.ABSENT
        }
        return min(compared, default=_Likeness.DIFFERENT)

    def _compare(self, told: Told, known: _Known) -> dict[str, tuple[_Likeness, str]]:
        """How each name that the row gives compares, and to which recorded spelling.

        A list may have a name in the other column: a name of a Vietnamese in their own
        script is one in Latin letters too.
        """
        given, recorded = _names(told.values), known.names
        compared = {}
        for name, other in _NAMES.items():
            if not given[name]:
                continue
            if given[other] and not recorded[name]:
                compared[name] = _Likeness.ABSENT, ""
                continue
            spellings = [recorded[name], recorded[other]]
            likenesses = [self._like(given[name], spelling) for spelling in spellings]
            closest = max(likenesses)
            if closest == _Likeness.DIFFERENT and name in known.added:
                # Two rows contradict each other; the record says neither.
                compared[name] = _Likeness.ABSENT, ""
                continue
            compared[name] = closest, spellings[likenesses.index(closest)]
        return compared

    def _like(self, name: str, recorded: str) -> _Likeness:
        if name == recorded:
            return _Likeness.SAME
        if not recorded or self._loose(name) != self._loose(recorded):
            return _Likeness.DIFFERENT
        is_same = name_key(name) == name_key(recorded)
        return _Likeness.SAME if is_same else _Likeness.MARKS_DIFFER

    def _ask(self, told: Told, similar: list[_Known]) -> _Known | None:
        """Whom the clerk says is meant; asked once for all rows with the same names."""
        names = _names(told.values).values()
        choices = {known.choice: known for known in similar}
        sign = (told.values.get("organ") or "", *map(name_key, names), *choices)
        if sign not in self._answers:
            answer = self._rows.ask(self._question(told, choices))
            self._answers[sign] = answer, choices.get(answer)
        answer, known = self._answers[sign]
        if not answer:
            raise Unanswered(_("Say first whether it is the same person."))
        return known

    def _question(self, told: Told, choices: dict[str, _Known]) -> Question:
        """Its key names those offered, and changes with a name of theirs or of the row:
        an answer holds only for the names that the clerk was shown."""
        cells = {
            self._rows.heading_of(name): told.cells[name]
            for name in (*_NAMES, "rank", "organ")
            if told.cells.get(name)
        }
        text = _(
            "Row %(row)s (%(cells)s): the name differs from a name below only in "
            "marks, punctuation or variant characters. Is it the same person? If so, "
            "the spelling below stays."
        ) % {
            "row": told.number,
            "cells": ", ".join(f"{heading}: {cell}" for heading, cell in cells.items()),
        }
        is_detailed = self._participants is None
        options = [
            Option(choice, _label(known, is_detailed=is_detailed))
            for choice, known in choices.items()
        ]
        return Question(
            key=":".join(
                ["person", str(told.number), _digest(told, choices.values()), *choices]
            ),
            text=text,
            options=(*options, Option(ANOTHER, _("No, a different person"))),
        )

    def _keep_spelling(self, told: Told, known: _Known) -> None:
        """Leave the person's names as they are; warn of a spelling that is not kept."""
        for name, (likeness, spelling) in self._compare(told, known).items():
            if likeness == _Likeness.ABSENT:
                continue
            given = told.values.pop(name)
            warned = known.choice, name, given
            if given == spelling or warned in self._warned:
                continue
            self._warned.add(warned)
            is_recorded = (
                isinstance(known.subject, Person)
                and spelling in _names(known.values).values()
            )
            row = 0 if is_recorded else known.row
            self._rows.warn(told, name, kept_spelling(spelling, row))

    def _add_names(self, told: Told, known: _Known) -> None:
        """Have later rows compared with the names that the first row of a person adds
        to the record."""
        # A list of participants' training writes no names.
        if known.row or self._participants is not None:
            return
        known.row = told.number
        recorded = _names(known.values)
        for name, given in _names(told.values).items():
            if given and not recorded[name]:
                known.added[name] = given
                self._by_key[self._loose(given)].append(known)

    def _loose(self, name: str) -> str:
        if name not in self._loose_keys:
            self._loose_keys[name] = comparable_name(name)
        return self._loose_keys[name]

    def _read_numbers(self, numbers: Iterable[int | None]) -> None:
        asked = list({number for number in numbers if number and number < _BEYOND})
        for start in range(0, len(asked), AT_ONCE):
            self._read(Q(pk__in=asked[start : start + AT_ONCE]))

    def _read_names(self, rows: list[dict[str, str]]) -> None:
        """Both names of a row are in one query: a person is read once."""
        pairs = list(dict.fromkeys(tuple(names.values()) for names in rows))
        step = AT_ONCE // len(_NAMES)
        for start in range(0, len(pairs), step):
            names = {name for pair in pairs[start : start + step] for name in pair}
            if some := {self._loose(name) for name in names} - {""}:
                self._read(Q(name_own_key__in=some) | Q(name_latin_key__in=some))

    def _read(self, asked: Q) -> None:
        rows = self._rows.resource.records().filter(asked).order_by("pk")
        # Many people share an organ, and organs have many columns: each is read once.
        rows = rows.select_related(None).prefetch_related("organ", "country")
        found = [person for person in rows if person.pk not in self._by_number]
        values = self._rows.resource.tell(found)
        for person, told in zip(found, values, strict=True):
            self._by_number[person.pk] = known = _Known(person, told)
            for key in {person.name_own_key, person.name_latin_key} - {""}:
                self._by_key[key].append(known)


def _names(values: dict) -> dict[str, str]:
    return {name: values.get(name) or "" for name in _NAMES}


def _label(known: _Known, *, is_detailed: bool) -> str:
    subject = known.subject
    if isinstance(subject, Told):
        shown = [subject.cells.get(n) for n in (*_NAMES, "rank", "organ")]
        return _("Yes, the same as row %(row)s: %(person)s") % {
            "row": subject.number,
            "person": ", ".join(filter(None, shown)),
        }
    names, of = list(known.names.values()), subject.organ
    if not is_detailed:
        return _("Yes, the same as %(person)s") % {
            "person": ", ".join(filter(None, [*names, of and str(of)]))
        }
    shown, of = [*names, subject.rank], str(of or subject.country)
    return _("Yes, the same as %(person)s (person number %(number)s)") % {
        "number": subject.pk,
        "person": ", ".join(filter(None, [*shown, of])),
    }


def _digest(told: Told, offered: Iterable[_Known]) -> str:
    """A short digest of the names and organs of the row and of those offered."""
    compared = [(_names(told.values), told.values.get("organ") or "")]
    compared += [(known.names, known.organ) for known in offered]
    return hashlib.sha256(json.dumps(compared).encode()).hexdigest()[:16]


def kept_spelling(spelling: str, row: int = 0) -> str:
    """The warning that a name has another spelling on record, or in an earlier row."""
    if row:
        return _("Row %(row)s writes “%(name)s”; that spelling is used.") % {
            "row": row,
            "name": spelling,
        }
    return _("On record as “%(name)s”; that spelling stays.") % {"name": spelling}


def differ_only_in_form(name: str, cell: str, other: str) -> bool:
    """Whether the cells of the field ``name`` are two spellings of one name."""
    return name in _NAMES and bool(other) and name_key(cell) == name_key(other)
