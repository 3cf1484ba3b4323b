"""Cells of a spreadsheet and the keys that they may name."""

import re

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from portal.publishing.columns.names import Names
from portal.translations.blank import is_blank


class BadCell(ValueError):
    """A cell cannot be used; the message tells the remedy."""


class NumberText(str):
    """A text that is known to be a number, such as the cell of a workbook holds.

    It has ASCII digits, and a point before decimals. As text, ``1.000`` could mean
    1000 too.
    """


def split(cell: str) -> list[str]:
    """The parts of a list cell: separated by semicolons, blanks around them dropped."""
    return [part.strip() for part in cell.split(";") if not is_blank(part)]


def join(parts: list[str]) -> str:
    """The cell that holds these parts."""
    return ";".join(parts)


def tidy_list(cell: str, also: str = "") -> list[str]:
    """The parts of a list cell as clerks write one: also with ``；`` or by lines.

    ``also``: further characters that part it.
    """
    parts = re.split(f"[;；\\n{also}]", cell)
    return [part.strip() for part in parts if not is_blank(part)]


def each_once(parts: list[str]) -> list[str]:
    if len(set(parts)) < len(parts):
        raise BadCell(_("Name each one once."))
    return parts


class Keys:
    """Every key that rows may point to, read once; new ones are added as they come."""

    def __init__(self):
        self._known: dict[tuple[str, str], dict[str, int | None]] = {}
        self._names = Names()

    def _of(self, model: str, key: str) -> dict[str, int | None]:
        if (model, key) not in self._known:
            rows = models.QuerySet(model_of(model)).values_list(key, "pk")
            self._known[model, key] = {str(value): pk for value, pk in rows}
        return self._known[model, key]

    def expect(self, model: str, key: str, value: str) -> None:
        """A row with this key is part of the same load."""
        self._of(model, key).setdefault(value, None)

    def made(self, model: str, key: str, value: str, pk: int) -> None:
        self._of(model, key)[value] = pk

    def check(self, model: str, key: str, value: str) -> None:
        """Raises BadCell when nothing has this key."""
        if value not in self._of(model, key):
            raise BadCell(self._names.why_unknown(model, key, value))

    def pk(self, model: str, key: str, value: str) -> int | None:
        return self._of(model, key)[value]


def model_of(label: str) -> type[models.Model]:
    return apps.get_model(label)
