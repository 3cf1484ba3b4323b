"""Columns whose value stands on the row itself.

``read`` makes a value of a cell and raises :class:`BadCell` with the remedy; ``value``
tells the same value from a record, so a row that says what the record says is known to
be unchanged; ``assign`` sets what stands on the row itself, ``relate`` what needs it
saved first.
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.publishing.columns.cells import BadCell, Keys, split


@dataclass(frozen=True)
class Column:
    """A text of the field ``field``."""

    header: str
    field: str
    is_late = False

    def read(self, cell: str, keys: Keys):
        return cell

    def value(self, record: models.Model, links: dict):
        return getattr(record, self.field) or ""

    def assign(self, record: models.Model, value, keys: Keys) -> None:
        setattr(record, self.field, value)

    def relate(self, record: models.Model, value, keys: Keys) -> None:
        """Nothing to do for what stands on the row itself."""


def Translated(header: str, field: str, language: str) -> Column:  # noqa: N802
    """A text of ``field`` in ``language`` (Indonesian is not ``title_id``)."""
    return Column(header, build_localized_fieldname(field, language))


@dataclass(frozen=True)
class Number(Column):
    def read(self, cell, keys):
        if not cell:
            return None
        if not re.fullmatch("0|[1-9][0-9]*", cell):
            raise BadCell(_("Write a whole number in digits, or leave it empty."))
        return int(cell)

    def value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class Day(Column):
    def read(self, cell, keys):
        if not cell:
            return None
        try:
            if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
                raise ValueError
            return dt.date.fromisoformat(cell)
        except ValueError:
            raise BadCell(
                _("Write the day as YYYY-MM-DD, or leave it empty.")
            ) from None

    def value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class Choice(Column):
    """One of the stored codes of ``choices``, or nothing."""

    choices: type[models.TextChoices]

    def read(self, cell, keys):
        if cell and cell not in self.choices.values:
            allowed = ", ".join(self.choices.values)
            raise BadCell(_("Use one of these: %(allowed)s.") % {"allowed": allowed})
        return cell


@dataclass(frozen=True)
class YesNo(Column):
    """``yes``, ``no``, or nothing for "not known"."""

    def read(self, cell, keys):
        known = {"yes": True, "no": False, "": None}
        if cell not in known:
            raise BadCell(_("Write yes or no, or leave it empty."))
        return known[cell]

    def value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class Codes(Column):
    """A list of codes, kept as a JSON list."""

    def read(self, cell, keys):
        return split(cell)

    def value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class Lines(Column):
    """A list of texts, kept as one text with a line for each."""

    def read(self, cell, keys):
        return "\n".join(split(cell))
