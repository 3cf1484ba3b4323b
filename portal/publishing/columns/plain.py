"""Columns whose value stands on the row itself.

``read`` makes a value of a cell and raises :class:`BadCell` with the remedy; ``cell``
writes the value down again. ``value`` tells the same value from a record, so a row that
says what the record says is known to be unchanged; ``assign`` sets what stands on the
row itself, ``relate_many`` what needs rows saved first. ``tidy`` makes of what a clerk
writes the one way of writing that ``read`` takes; the record's own files need none.
"""

import datetime as dt
import re
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.publishing.columns.cells import (
    BadCell,
    Keys,
    join,
    plain,
    split,
    tidy_list,
)
from portal.publishing.columns.days import tidy_day
from portal.publishing.columns.labels import as_written, code_of
from portal.publishing.columns.names import Names, folded
from portal.publishing.years import in_known_years
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
    def tidy(self, cell, names):
        return _tidy_number(cell)

    def read(self, cell, keys):
        if not cell:
            return None
        if not re.fullmatch("0|[1-9][0-9]*", cell):
            raise BadCell(_("Write a whole number in digits, or leave it empty."))
        return int(cell)

    def cell(self, value):
        return "" if value is None else str(value)

    def value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class Decimals(Column):
    """A number that may have decimals."""

    def tidy(self, cell, names):
        return _tidy_number(cell)

    def read(self, cell, keys):
        if not cell:
            return None
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", cell):
            raise BadCell(_("Write a number such as 40 or 7.5, or leave it empty."))
        return Decimal(cell)

    def cell(self, value):
        return "" if value is None else format(value.normalize(), "f")

    def value(self, record, links):
        return getattr(record, self.field)

    def restored(self, kept):
        return None if kept is None else Decimal(kept)


def _tidy_number(cell: str) -> str:
    written = plain(cell).replace(" ", "")
    if re.fullmatch("[0-9]{1,3}(,[0-9]{3})+", written):
        return written.replace(",", "")
    return re.sub(r"\.0+\Z", "", written)


@dataclass(frozen=True)
class Day(Column):
    """A day; ``precision`` names the field that says how exactly it is known."""

    precision: str = ""

    def tidy(self, cell, names):
        return tidy_day(cell)

    def read(self, cell, keys):
        if not cell:
            return None
        try:
            if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
                raise ValueError
            day = dt.date.fromisoformat(cell)
        except ValueError:
            raise BadCell(
                _("Write the day as YYYY-MM-DD, or leave it empty.")
            ) from None
        try:
            in_known_years(day)
        except ValidationError as problem:
            raise BadCell(problem.message) from None
        return day

    def cell(self, value):
        return value.isoformat() if value else ""

    def value(self, record, links):
        return getattr(record, self.field)

    def restored(self, kept):
        return dt.date.fromisoformat(kept) if kept else None


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
