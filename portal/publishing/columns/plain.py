"""Columns whose value stands on the row itself.

``read`` makes a value of a cell and raises :class:`BadCell` with the remedy; ``cell``
writes the value down again. ``value`` tells the same value from a record, so a row that
says what the record says is known to be unchanged; ``assign`` sets what stands on the
row itself, ``relate_many`` what needs rows saved first. ``tidy`` makes of what a clerk
writes the one way of writing that ``read`` takes; the record's own files need none.
"""

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.catalogue.period import iso_date
from portal.publishing.characters import plain
from portal.publishing.columns.cells import (
    BadCell,
    Keys,
    NumberText,
    join,
    split,
    tidy_list,
)
from portal.publishing.columns.days import tidy_day
from portal.publishing.columns.labels import as_written, code_of
from portal.publishing.columns.names import Names, folded
from portal.publishing.columns.numbers import (
    is_duration,
    number_readings,
    tidy_hours,
    tidy_number,
)
from portal.publishing.years import check_day, check_era, check_founding_day
from portal.translations.blank import is_blank


@dataclass(frozen=True)
class Column:
    """A text of the field ``field``.

    ``heading_zh`` is its heading in Chinese, where the field's own name will not do.
    """

    header: str
    field: str
    heading_zh: str = dataclass_field(default="", kw_only=True)
    is_late = False

    def tidy(self, cell: str, names: Names) -> str:
        return cell.strip()

    def read(self, cell: str, keys: Keys):
        return "" if is_blank(cell) else cell

    def cell(self, value) -> str:
        return value

    def value(self, record: models.Model, links: dict):
        return getattr(record, self.field) or ""

    def restored(self, kept):
        """The value that was kept as JSON."""
        return kept

    def why_kept(self, record: models.Model) -> str:
        """Why a spreadsheet of the office may not change this of ``record``, or ""."""
        return ""

    def assign(self, record: models.Model, value, keys: Keys) -> None:
        setattr(record, self.field, value)

    def relate(self, record: models.Model, value, keys: Keys) -> None:
        self.relate_many([(record, value)], keys)

    def relate_many(self, pairs: list[tuple[models.Model, object]], keys: Keys) -> None:
        """Nothing to do for what stands on the row itself."""


def Translated(header: str, field: str, language: str) -> Column:  # noqa: N802
    """A text of ``field`` in ``language`` (Indonesian is not ``title_id``)."""
    return Column(header, build_localized_fieldname(field, language))


@dataclass(frozen=True)
class Number(Column):
    """A whole number."""

    def tidy(self, cell, names):
        return tidy_number(cell)

    def read(self, cell, keys):
        if not cell:
            return None
        if readings := _two_readings(cell):
            raise BadCell(
                _(
                    "“%(written)s” can mean %(one)s or %(other)s. Write it without a "
                    "separator, for example %(other)s."
                )
                % readings
            )
        if not re.fullmatch("0|[1-9][0-9]*", cell):
            raise BadCell(_("Write a whole number in digits, or leave it empty."))
        return int(cell)

    def cell(self, value):
        return "" if value is None else NumberText(value)

    def value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class Decimals(Column):
    """A number that may have decimals: of hours, so a duration is read as hours."""

    def tidy(self, cell, names):
        return tidy_hours(cell)

    def read(self, cell, keys):
        if not cell:
            return None
        if readings := _two_readings(cell):
            raise BadCell(
                _(
                    "“%(written)s” can mean %(one)s or %(other)s. "
                    "Write %(one)s or %(other)s."
                )
                % readings
            )
        if is_duration(cell):
            raise BadCell(
                _("Write “%(written)s” as a number of hours, such as 36.5.")
                % {"written": cell}
            )
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", cell):
            raise BadCell(_("Write a number such as 40 or 7.5, or leave it empty."))
        return Decimal(cell)

    def cell(self, value):
        return "" if value is None else NumberText(format(value.normalize(), "f"))

    def value(self, record, links):
        return getattr(record, self.field)

    def restored(self, kept):
        return None if kept is None else Decimal(kept)


def _two_readings(cell: str) -> dict[str, str]:
    """What a text can mean that is read as two numbers, for a message; else {}."""
    if isinstance(cell, NumberText):
        return {}
    found = number_readings(cell)
    if len(found) < 2:
        return {}
    return {"written": cell, "one": found[0], "other": found[1]}


@dataclass(frozen=True)
class Day(Column):
    """A day; ``precision`` names the field that says how exactly it is known.

    ``is_founding``: the day on which an organ was founded, which may be long ago.
    Office sheets write it as exactly as it is known (``2008``, ``2008-09``); the
    record's own files always to the day.
    """

    precision: str = ""
    is_founding: bool = False

    def tidy(self, cell, names):
        return tidy_day(cell)

    def read(self, cell, keys):
        if not cell:
            return None
        check = check_founding_day if self.is_founding else check_day
        try:
            day = _read_day(cell)
            check(day)
        except ValidationError as problem:
            raise BadCell(problem.message) from None
        return day

    def cell(self, value, precision=""):
        """``precision`` is ``year``, ``month``, or anything else for the whole day."""
        return iso_date(value, precision) if value else ""

    def value(self, record, links):
        return getattr(record, self.field)

    def restored(self, kept):
        return dt.date.fromisoformat(kept) if kept else None


def _read_day(cell: str) -> dt.date:
    """The day that is written as YYYY-MM-DD; raises ValidationError with the remedy."""
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        with suppress(ValueError):
            return dt.date.fromisoformat(cell)
    check_era(plain(cell))
    raise ValidationError(_("Write the day as YYYY-MM-DD, or leave it empty."))


@dataclass(frozen=True)
class Choice(Column):
    """One of the stored codes of ``choices``, or nothing."""

    choices: type[models.TextChoices]

    def tidy(self, cell, names):
        return code_of(self.choices, cell.strip())

    def read(self, cell, keys):
        if cell and cell not in self.choices.values:
            allowed = {"allowed": as_written(self.choices)}
            raise BadCell(_("Use one of these: %(allowed)s.") % allowed)
        return cell


_YES = {"yes", "y", "true", "1", "是", "√"}
_NO = {"no", "n", "false", "0", "否", "×"}


@dataclass(frozen=True)
class YesNo(Column):
    """``yes``, ``no``, or nothing for "not known"."""

    def tidy(self, cell, names):
        written = folded(cell)
        if written in _YES:
            return "yes"
        return "no" if written in _NO else cell.strip()

    def read(self, cell, keys):
        known = {"yes": True, "no": False, "": None}
        if cell not in known:
            raise BadCell(_("Write yes or no, or leave it empty."))
        return known[cell]

    def cell(self, value):
        return {True: "yes", False: "no", None: ""}[value]

    def value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class Codes(Column):
    """A list of codes, kept as a JSON list."""

    def tidy(self, cell, names):
        return join(tidy_list(plain(cell), ",、"))

    def read(self, cell, keys):
        return split(cell)

    def cell(self, value):
        return join(value)

    def value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class Lines(Column):
    """A list of texts, kept as one text with a line for each."""

    def tidy(self, cell, names):
        return join(tidy_list(cell))

    def read(self, cell, keys):
        return "\n".join(split(cell))

    def cell(self, value):
        return join(value.splitlines())
