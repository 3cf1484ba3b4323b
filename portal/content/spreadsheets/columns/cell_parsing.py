"""Parsing of list cells and lookup of primary keys by public key."""

import re

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.content.spreadsheets.columns.name_index import NameIndex
from portal.core.translations.invisible_text import is_blank


class InvalidCellError(ValueError):
    """Raised for a cell that cannot be used; the message explains the correction."""


def split_list(cell: str) -> list[str]:
    """Split a cell at semicolons; strip the parts and drop blank ones."""
    return [part.strip() for part in cell.split(";") if not is_blank(part)]


def join_list(parts: list[str]) -> str:
    """Join ``parts`` with semicolons into the text of a cell."""
    return ";".join(parts)


def split_loose_list(cell: str, extra_separators: str = "") -> list[str]:
    """Split a list cell at ``;``, ``；``, line ends or extra separators.

    ``extra_separators`` are further characters that are accepted as separators. Parts
    are stripped and blank parts dropped.
    """
    parts = re.split(f"[;；\\n{extra_separators}]", cell)
    return [part.strip() for part in parts if not is_blank(part)]


def require_unique(parts: list[str]) -> list[str]:
    """Return ``parts``; raise InvalidCellError if a part occurs twice."""
    if len(set(parts)) < len(parts):
        raise InvalidCellError(_("List each item only once."))
    return parts


def require_valid(field: models.Field, value) -> None:
    """Raise InvalidCellError if ``field`` of a model does not accept ``value``."""
    try:
        field.clean(value, None)
    except ValidationError as error:
        raise InvalidCellError(" ".join(error.messages)) from None


class KeyIndex:
    """Primary keys of the rows that cells can refer to, by public key.

    The keys of a model are read once, at the first lookup. Keys of rows that are not
    saved yet can be registered.

    Models are given as labels such as ``directory.Country``; ``key`` is the name of the
    field that holds the public key.
    """

    def __init__(self):
        self._pks_by_key: dict[tuple[str, str], dict[str, int | None]] = {}
        self._names = NameIndex()
        self._aliases: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}

    def _get_pks(self, model: str, key: str) -> dict[str, int | None]:
        if (model, key) not in self._pks_by_key:
            rows = models.QuerySet(apps.get_model(model)).values_list(key, "pk")
            self._pks_by_key[model, key] = {str(value): pk for value, pk in rows}
        return self._pks_by_key[model, key]

    def register(self, model: str, key: str, value: str) -> None:
        """Register the key of a row of the same load that is not saved yet."""
        self._get_pks(model, key).setdefault(value, None)

    def add(self, model: str, key: str, value: str, pk: int) -> None:
        """Store the primary key of a row that has been saved."""
        self._get_pks(model, key)[value] = pk

    def add_alias(
        self, model: str, former: tuple[str, ...], current: tuple[str, ...]
    ) -> None:
        """Store the present key of a row whose former key the files have."""
        self._aliases[model, former] = current

    def get_current(self, model: str, key: tuple[str, ...]) -> tuple[str, ...]:
        """Return the present key of the row that has or had ``key``."""
        return self._aliases.get((model, key), key)

    def require(self, model: str, key: str, value: str) -> None:
        """Raise InvalidCellError if no saved or registered row has this key."""
        if value not in self._get_pks(model, key):
            raise InvalidCellError(self._names.describe_unknown(model, key, value))

    def get_pk(self, model: str, key: str, value: str) -> int | None:
        """Return the primary key, None for a registered row that is not saved.

        Raises KeyError for an unknown key.
        """
        return self._get_pks(model, key)[value]
