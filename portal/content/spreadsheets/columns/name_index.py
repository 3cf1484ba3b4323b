"""Lookup of keys by name, such as VN for 越南 and MM for Burma."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from textwrap import shorten

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import (
    choose_localized_text,
    get_active_language,
)
from portal.core.translations.normal_form import (
    fold,
    fold_form,
    name_key,
    remove_punctuation,
)
from portal.core.translations.querysets import translated_fields

# Fields that contain names, if the model has them.
_NAME_FIELDS = ("name", "title", "name_native", "name_local")
# Alternative names and codes that are not in the database; each line cites its source.
_ALIASES_FILE = Path(__file__).with_name("other_names.csv")
_ARTICLE = re.compile(r"\bthe\s+")
_MAX_SUGGESTIONS = 5
# Characters of a cell value that are repeated in an error message.
_MAX_VALUE_LENGTH = 100
# Lengths of names that are compared for suggestions: shorter names resemble too many
# others.
_NEAR_LENGTHS = range(4, 81)


def fold_name(name: str) -> str:
    """Return the comparison form of ``name``, without differences of spelling.

    Ignores case, spaces, character width and traditional versus simplified characters.
    """
    return name_key(name)


@dataclass(frozen=True)
class _Row:
    """Key and names of one row; ``names`` are by language or field name.

    ``aliases`` are alternative names from the data file.
    """

    key: str
    names: dict[str, str]
    aliases: tuple[str, ...]

    @property
    def display_name(self) -> str:
        """Return the name in the active language, "" if the row has no name."""
        name = choose_localized_text(self.names, get_active_language())
        return str(name) if name else next(iter(self.names.values()), "")

    def label(self) -> str:
        """Return the name in the active language, followed by the key."""
        name = self.display_name
        return f"{name} ({self.key})" if name else self.key


class NameIndex:
    """Keys of rows by name; each table is read once, at the first lookup.

    A name that matches two rows equally well is ambiguous, and the user has to enter
    the key instead.
    """

    def __init__(self):
        self._tables: dict[tuple[str, str], _Table] = {}

    def find_key(self, model: str, key: str, name: str) -> str:
        """Return the key of the row called ``name``.

        Returns ``name`` unchanged if there is no such row or more than one.
        """
        keys = self._table(model, key).find(name)
        return keys[0] if len(keys) == 1 else name

    def get_name(self, model: str, key: str, value: str) -> str:
        """Return the name in the active language of the row with the key ``value``.

        Returns ``value`` if there is no such row or it has no name.
        """
        return self._table(model, key).get_name(value)

    def describe_unknown(self, model: str, key: str, name: str) -> str:
        """Return an error message for a ``name`` that is no key of ``model``.

        The message lists the rows that the name can mean, or rows with a similar name.
        """
        table = self._table(model, key)
        values = {
            "record": table.model._meta.verbose_name,
            "value": shorten(name, _MAX_VALUE_LENGTH, placeholder="…"),
        }
        keys = table.find(name)
        if len(keys) > 1:
            return _(
                "“%(value)s” can mean any of these: %(names)s. Enter the "
                "identifier in brackets instead."
            ) % (values | {"names": table.labels(keys)})
        if similar_keys := keys or table.near(name):
            return _(
                "There is no %(record)s called “%(value)s”. Did you mean "
                "%(names)s? Enter that name, or the identifier in brackets."
            ) % (values | {"names": table.labels(similar_keys)})
        return (
            _(
                "There is no %(record)s called “%(value)s”. Correct the "
                "name, or add the %(record)s first."
            )
            % values
        )

    def _table(self, model: str, key: str) -> "_Table":
        if (model, key) not in self._tables:
            self._tables[model, key] = _Table(apps.get_model(model), key)
        return self._tables[model, key]


class _Table:
    """Keys of the rows of ``model`` by name; ``key`` is the key field.

    A name is compared in these steps, and the first step with a match decides:

    - the key;
    - names in the database, in all languages;
    - these and alternative names, without articles and punctuation;
    - the same without diacritics on Latin letters.
    """

    def __init__(self, model: type[models.Model], key: str):
        self.model = model
        self._key = key
        self._cache: dict[str, list[str]] = {}

    def find(self, name: str) -> list[str]:
        """Return the keys of all rows that ``name`` can mean."""
        if name not in self._cache:
            self._cache[name] = self._find(name)
        return self._cache[name]

    def _find(self, name: str) -> list[str]:
        if name in self._rows:
            return [name]
        steps = (
            (name_key, "_by_key"),
            (name_key, "_by_name"),
            (_strip_punctuation, "_by_name_without_punctuation"),
            (_strip_diacritics, "_by_name_without_diacritics"),
        )
        for form, step in steps:
            if keys := getattr(self, step).get(form(name)):
                return sorted(keys)
        return []

    def get_name(self, key: str) -> str:
        row = self._rows.get(key)
        return (row.display_name if row else "") or key

    def labels(self, keys: list[str]) -> str:
        return ", ".join(self._rows[key].label() for key in keys[:_MAX_SUGGESTIONS])

    def near(self, name: str) -> list[str]:
        """Return the keys of rows whose name differs in about one letter."""
        keys = set()
        for part in _near_forms(_strip_diacritics(name)):
            keys |= self._by_near_form.get(part, set())
        return sorted(keys)

    @cached_property
    def _rows(self) -> dict[str, _Row]:
        columns = _name_columns(self.model)
        aliases = _load_aliases().get(self.model._meta.label, {})
        rows = models.QuerySet(self.model).values_list(self._key, *columns.values())
        return {
            str(key): _Row(
                str(key),
                {
                    column: name
                    for column, name in zip(columns, names, strict=True)
                    if name
                },
                aliases.get(str(key), ()),
            )
            for key, *names in rows
        }

    @cached_property
    def _by_key(self) -> dict[str, set[str]]:
        return _index((name_key(key), key) for key in self._rows)

    @cached_property
    def _by_name(self) -> dict[str, set[str]]:
        return self._index_by(name_key, with_aliases=False)

    @cached_property
    def _by_name_without_punctuation(self) -> dict[str, set[str]]:
        return self._index_by(_strip_punctuation)

    @cached_property
    def _by_name_without_diacritics(self) -> dict[str, set[str]]:
        return self._index_by(_strip_diacritics)

    @cached_property
    def _by_near_form(self) -> dict[str, set[str]]:
        return _index(
            (part, key)
            for name, keys in self._by_name_without_diacritics.items()
            for part in _near_forms(name)
            for key in keys
        )

    def _index_by(self, normalize, *, with_aliases: bool = True) -> dict[str, set[str]]:
        return _index(
            (normalize(name), row.key)
            for row in self._rows.values()
            for name in (*row.names.values(), *(row.aliases if with_aliases else ()))
        )


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    keys_by_name = defaultdict(set)
    for name, key in pairs:
        if name:
            keys_by_name[name].add(key)
    return dict(keys_by_name)


def _strip_punctuation(name: str) -> str:
    """Return ``name`` without articles, punctuation and spaces."""
    return _normalize_form(fold_form(name))


def _strip_diacritics(name: str) -> str:
    """Return ``name`` without articles, punctuation, spaces and diacritics."""
    return _normalize_form(fold(name))


def _near_forms(form: str) -> Iterator[str]:
    """Yield ``form`` and each variant with one letter removed.

    Two names that differ in one letter, or in the order of two letters, share a
    variant. Of short names in Chinese characters only the last character is removed,
    such as 市, because any other change makes a different name. Other names outside the
    compared lengths yield nothing.
    """
    if len(form) not in _NEAR_LENGTHS:
        if not form.isascii() and 2 <= len(form) < _NEAR_LENGTHS.start:
            yield from (form, form[:-1])[: len(form) - 1]
        return
    yield form
    for position in range(len(form)):
        yield form[:position] + form[position + 1 :]


def _name_columns(model: type[models.Model]) -> dict[str, str]:
    """Return the name columns of ``model``, by language for translated fields."""
    field_names = {field.name for field in model._meta.fields}
    translated = translated_fields(model)
    columns = {}
    for name in _NAME_FIELDS:
        if name in translated:
            language_columns = {
                code: build_localized_fieldname(name, code)
                for code in LANGUAGES_BY_CODE
            }
            columns |= {
                (code if code not in columns else column): column
                for code, column in language_columns.items()
            }
        elif name in field_names:
            columns[name] = name
    return columns


@cache
def _load_aliases() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the alternative names of the data file, by model label and key."""
    names_by_key = defaultdict(lambda: defaultdict(tuple))
    with _ALIASES_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names_by_key[row["model"]][row["key"]] += (row["name"],)
    return names_by_key


def _normalize_form(form: str) -> str:
    return remove_punctuation("".join(_ARTICLE.sub("", form).split()))
