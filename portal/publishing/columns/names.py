"""Keys by name: a clerk writes 越南, Burma or VNM where the record keeps VN or MM."""

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

from portal.languages import BY_CODE
from portal.translations.folding import (
    fold,
    fold_form,
    name_key,
    without_punctuation,
)
from portal.translations.querysets import translated_fields
from portal.translations.shown import choose, reader_language

# The fields by which a row is known to people, where its model has them.
_NAMES = ("name", "title", "name_native", "name_local")
# Codes, formal, common and former names that are not in the record, with their source.
_OTHER_NAMES = Path(__file__).with_name("other_names.csv")
_ARTICLE = re.compile(r"\bthe\s+")
_MOST_SUGGESTED = 5
# Length of a value that is repeated in an error, in characters.
_LONGEST_SHOWN = 100
# Names of other lengths are not suggested: short ones are near too many others.
_NEAR_LENGTHS = range(4, 81)


def folded(name: str) -> str:
    """``name`` without what people write in one way or the other."""
    return name_key(name)


@dataclass(frozen=True)
class _Row:
    """A row of a table: its key and its names, by language or by column."""

    key: str
    names: dict[str, str]
    others: tuple[str, ...]

    def label(self) -> str:
        """The name in the reader's language, with the key by which to write it."""
        name = choose(self.names, reader_language())
        written = str(name) if name else next(iter(self.names.values()), "")
        return f"{written} ({self.key})" if written else self.key


class Names:
    """Keys by the names of their rows, each table read once, when it is asked for.

    Names are compared step by step (:class:`_Table`). A name that two rows have at the
    same step is ambiguous: the clerk has to write the key.
    """

    def __init__(self):
        self._tables: dict[tuple[str, str], _Table] = {}

    def key(self, model: str, key: str, name: str) -> str:
        """The key of the row called ``name``; ``name`` itself when there is none."""
        found = self._table(model, key).find(name)
        return found[0] if len(found) == 1 else name

    def why_unknown(self, model: str, key: str, name: str) -> str:
        """Why ``name`` is the key of no row of ``model``, and what to write instead."""
        table = self._table(model, key)
        values = {
            "record": table.model._meta.verbose_name,
            "value": shorten(name, _LONGEST_SHOWN, placeholder="…"),
        }
        found = table.find(name)
        if len(found) > 1:
            return _(
                "“%(value)s” can mean any of these: %(names)s. Write the key in "
                "brackets instead."
            ) % (values | {"names": table.labels(found)})
        if near := found or table.near(name):
            return _(
                "There is no %(record)s “%(value)s” on record. Did you mean %(names)s? "
                "Write the name or the key in brackets."
            ) % (values | {"names": table.labels(near)})
        return (
            _(
                "There is no %(record)s “%(value)s” on record. Correct it, or add the "
                "%(record)s first."
            )
            % values
        )

    def _table(self, model: str, key: str) -> "_Table":
        if (model, key) not in self._tables:
            self._tables[model, key] = _Table(apps.get_model(model), key)
        return self._tables[model, key]


class _Table:
    """The rows of ``model`` by their key in column ``key`` and by their names.

    A name is looked up in these steps, until one of them has it: the key; the names on
    record in all languages; these and other names, without article and punctuation;
    the same without marks on Latin letters.
    """

    def __init__(self, model: type[models.Model], key: str):
        self.model = model
        self._key = key
        self._found: dict[str, list[str]] = {}

    def find(self, name: str) -> list[str]:
        """The keys of the rows that ``name`` can mean."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> list[str]:
        if name in self._rows:
            return [name]
        steps = (
            (name_key, "_by_key"),
            (name_key, "_by_name"),
            (_bare, "_by_bare_name"),
            (_loose, "_by_loose_name"),
        )
        for form, step in steps:
            if found := getattr(self, step).get(form(name)):
                return sorted(found)
        return []

    def labels(self, keys: list[str]) -> str:
        return ", ".join(self._rows[key].label() for key in keys[:_MOST_SUGGESTED])

    def near(self, name: str) -> list[str]:
        """The keys of rows with a name that differs in about one letter."""
        found = set()
        for part in _near_forms(_loose(name)):
            found |= self._by_near_form.get(part, set())
        return sorted(found)

    @cached_property
    def _rows(self) -> dict[str, _Row]:
        columns = _name_columns(self.model)
        others = _other_names().get(self.model._meta.label, {})
        rows = models.QuerySet(self.model).values_list(self._key, *columns.values())
        return {
            str(key): _Row(
                str(key),
                {
                    column: name
                    for column, name in zip(columns, names, strict=True)
                    if name
                },
                others.get(str(key), ()),
            )
            for key, *names in rows
        }

    @cached_property
    def _by_key(self) -> dict[str, set[str]]:
        return _index((name_key(key), key) for key in self._rows)

    @cached_property
    def _by_name(self) -> dict[str, set[str]]:
        return self._index_by(name_key, with_others=False)

    @cached_property
    def _by_bare_name(self) -> dict[str, set[str]]:
        return self._index_by(_bare)

    @cached_property
    def _by_loose_name(self) -> dict[str, set[str]]:
        return self._index_by(_loose)

    @cached_property
    def _by_near_form(self) -> dict[str, set[str]]:
        return _index(
            (part, key)
            for name, keys in self._by_loose_name.items()
            for part in _near_forms(name)
            for key in keys
        )

    def _index_by(self, form, *, with_others: bool = True) -> dict[str, set[str]]:
        return _index(
            (form(name), row.key)
            for row in self._rows.values()
            for name in (*row.names.values(), *(row.others if with_others else ()))
        )


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found = defaultdict(set)
    for name, key in pairs:
        if name:
            found[name].add(key)
    return dict(found)


def _bare(name: str) -> str:
    """The form of ``name`` without article, punctuation and spaces."""
    return _joined(fold_form(name))


def _loose(name: str) -> str:
    """The bare form of ``name`` without marks on Latin letters too."""
    return _joined(fold(name))


def _joined(form: str) -> str:
    return without_punctuation("".join(_ARTICLE.sub("", form).split()))


def _near_forms(form: str) -> Iterator[str]:
    """``form`` and what is left of it without one letter; nothing for short ones.

    Two forms that differ in one letter, or in the order of two, have one in common. Of
    a name in characters only the last may be missing, such as 市: others make another
    name.
    """
    if len(form) not in _NEAR_LENGTHS:
        if not form.isascii() and 2 <= len(form) < _NEAR_LENGTHS.start:
            yield from (form, form[:-1])[: len(form) - 1]
        return
    yield form
    for position in range(len(form)):
        yield form[:position] + form[position + 1 :]


def _name_columns(model: type[models.Model]) -> dict[str, str]:
    """The columns of ``model`` with names, those of translated fields by language."""
    there = {field.name for field in model._meta.fields}
    translated = translated_fields(model)
    columns = {}
    for name in _NAMES:
        if name in translated:
            found = {code: build_localized_fieldname(name, code) for code in BY_CODE}
            columns |= {
                (code if code not in columns else column): column
                for code, column in found.items()
            }
        elif name in there:
            columns[name] = name
    return columns


@cache
def _other_names() -> dict[str, dict[str, tuple[str, ...]]]:
    """The names of the data file, by model and key."""
    found = defaultdict(lambda: defaultdict(tuple))
    with _OTHER_NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["model"]][row["key"]] += (row["name"],)
    return found
