"""What a row says at a moment, with its relations and what hangs on it, as plain data.

Snapshots are compared to tell what changed, and kept where a change waits for approval.
"""

import datetime as dt
import decimal
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import IntegerField, Value
from modeltranslation.fields import TranslationField
from modeltranslation.translator import NotRegistered, translator

# Put in the place of a value that is never told, such as a password's hash.
SECRET = "•••"  # noqa: S105


@dataclass
class Part:
    """A row that hangs on a record."""

    pk: int
    values: dict[str, Any]


@dataclass
class Snapshot:
    """``values`` by column, as JSON holds them; ``links`` are the keys of each
    many-to-many relation in their order; ``parts`` the rows of each reverse relation.
    """

    values: dict[str, Any]
    links: dict[str, list[int]] = field(default_factory=dict)
    parts: dict[str, list[Part]] = field(default_factory=dict)

    def as_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict) -> "Snapshot":
        parts = {
            name: [Part(**part) for part in rows]
            for name, rows in told["parts"].items()
        }
        return cls(told["values"], told["links"], parts)


def snapshot(row: models.Model, parts: Sequence[str] = ()) -> Snapshot:
    """What ``row`` says, read from the database except for its own columns.

    ``parts`` names reverse relations whose rows are part of it.
    """
    return Snapshot(
        values_of(row),
        _links_by_row(type(row), [row.pk])[row.pk],
        {
            name: [Part(one.pk, values_of(one)) for one in _rows(row, name)]
            for name in parts
        },
    )


def snapshots(
    rows: Sequence[models.Model], parts: Sequence[str] = ()
) -> dict[int, Snapshot]:
    """Snapshots of several rows of one model, by primary key.

    The number of queries does not depend on the number of rows.
    """
    taken = {row.pk: Snapshot(values_of(row)) for row in rows}
    if not rows:
        return taken
    for pk, links in _links_by_row(type(rows[0]), list(taken)).items():
        taken[pk].links.update(links)
    for name in parts:
        parts_by_row = _parts_by_row(type(rows[0]), name, list(taken))
        for pk, one in taken.items():
            one.parts[name] = parts_by_row.get(pk, [])
    return taken


def _links_by_row(
    model: type[models.Model], pks: list[int]
) -> dict[int, dict[str, list[int]]]:
    """The keys that each many-to-many relation holds, in the order they were entered,
    by primary key and name of the relation; in one query."""
    relations = _many_to_many(model)
    links = {pk: {relation.name: [] for relation in relations} for pk in pks}
    arms = [
        rows.filter(**{f"{relation.m2m_field_name()}__in": pks})
        for relation, rows in zip(relations, _all_links(model), strict=True)
    ]
    if not arms:
        return links
    found = arms[0].union(*arms[1:], all=True) if arms[1:] else arms[0]
    for position, _pk, owner, target in sorted(found):
        links[owner][relations[position].name].append(target)
    return links


@cache
def _all_links(model: type[models.Model]) -> list[models.QuerySet]:
    """The links of every row, a query for each relation; never read, but filtered.

    Resolving the columns takes longer than the query, and they are always the same.
    """
    return [
        models.QuerySet(relation.remote_field.through)
        .order_by()
        .values_list(
            Value(position, IntegerField()),
            "pk",
            f"{relation.m2m_field_name()}_id",
            f"{relation.m2m_reverse_field_name()}_id",
        )
        for position, relation in enumerate(_many_to_many(model))
    ]


def _parts_by_row(
    model: type[models.Model], name: str, pks: list[int]
) -> dict[int, list[Part]]:
    relation = model._meta.get_field(name)
    rows = models.QuerySet(relation.related_model)
    if isinstance(relation, GenericRelation):
        owner = relation.object_id_field_name
        content_type = ContentType.objects.get_for_model(model)
        rows = rows.filter(**{relation.content_type_field_name: content_type})
    else:
        owner = relation.field.attname
    by_row: dict[int, list[Part]] = {}
    for row in rows.filter(**{f"{owner}__in": pks}).order_by("pk"):
        part = Part(row.pk, values_of(row))
        by_row.setdefault(getattr(row, owner), []).append(part)
    return by_row


def values_of(row: models.Model) -> dict[str, Any]:
    """The columns that a person can change, by name, as JSON holds them."""
    secret = getattr(row, "secret_fields", ())
    return {
        column.attname: _hidden(row, column)
        if column.name in secret
        else plain(row, column)
        for column in columns_of(type(row))
    }


def columns_of(model: type[models.Model]) -> list[models.Field]:
    """The columns of ``model`` that tell something: no key, no signature, no state.

    The bare column of a translated field mirrors English and is left out.
    """
    bare = _translated(model)
    return [column for column in model._meta.concrete_fields if _is_told(column, bare)]


def _is_told(column: models.Field, bare: set[str]) -> bool:
    is_editable = column.editable or isinstance(column, models.FileField)
    return is_editable and not column.primary_key and column.name not in bare


def plain(row: models.Model, column: models.Field) -> Any:
    """The value of one column as JSON holds it."""
    value = getattr(row, column.attname)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value.normalize())
    if isinstance(column, models.FileField):
        return str(value or "")
    if value is None and isinstance(column, TranslationField):
        return ""  # never written and emptied again are the same to a reader
    return value


def language_of(column: models.Field) -> str:
    """The language of a translated column, "" for one that has none."""
    return column.language if isinstance(column, TranslationField) else ""


def name_of(column: models.Field) -> str:
    """The name of the field that a column belongs to, without its language."""
    if isinstance(column, TranslationField):
        return column.translated_field.name
    return column.name


def linked(row: models.Model, relation: models.ManyToManyField) -> list[int]:
    """The keys that a many-to-many relation holds, in the order they were entered."""
    rows = relation.remote_field.through.objects.filter(
        **{f"{relation.m2m_field_name()}_id": row.pk}
    )
    target = f"{relation.m2m_reverse_field_name()}_id"
    return list(rows.order_by("pk").values_list(target, flat=True))


def _many_to_many(model: type[models.Model]) -> list[models.ManyToManyField]:
    return [relation for relation in model._meta.many_to_many if relation.editable]


def _rows(row: models.Model, name: str) -> list[models.Model]:
    return list(getattr(row, name).order_by("pk"))


def part_model(model: type[models.Model], name: str) -> type[models.Model]:
    """The model of the rows that the reverse relation ``name`` of ``model`` holds."""
    relation = model._meta.get_field(name)
    return relation.related_model


def owner_columns(model: type[models.Model], name: str) -> set[str]:
    """The columns by which the rows of a reverse relation point to their record."""
    relation = model._meta.get_field(name)
    if isinstance(relation, GenericRelation):
        return {relation.content_type_field_name + "_id", relation.object_id_field_name}
    return {relation.field.attname}


def _hidden(row: models.Model, column: models.Field) -> str:
    """Another text for another value, from which the value cannot be told."""
    value = str(getattr(row, column.attname))
    return SECRET + hashlib.sha256(value.encode()).hexdigest()[:16]


def _translated(model: type[models.Model]) -> set[str]:
    try:
        return set(translator.get_options_for_model(model).get_field_names())
    except NotRegistered:
        return set()
