"""Snapshots of a database row, its many-to-many relations and child rows as plain data.

Snapshots are compared to find out what changed, and stored with changes that await
approval.
"""

import datetime as dt
import decimal
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import IntegerField, Value
from modeltranslation.fields import TranslationField
from modeltranslation.translator import NotRegistered, translator

# Replaces a value that must not be disclosed, such as a password hash.
REDACTED_VALUE = "•••"


@dataclass
class ChildRow:
    """Column values of one child row of a record."""

    pk: int
    values: dict[str, Any]


@dataclass
class Snapshot:
    """State of one database row as data that can be stored as JSON.

    The attributes contain the column values by ``attname``, the primary keys of each
    many-to-many relation in the order in which they were added, and the child rows of
    each reverse relation.
    """

    values: dict[str, Any]
    links: dict[str, list[int]] = field(default_factory=dict)
    parts: dict[str, list[ChildRow]] = field(default_factory=dict)

    def as_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict) -> "Snapshot":
        child_rows = {
            name: [ChildRow(**row) for row in rows]
            for name, rows in data["parts"].items()
        }
        return cls(data["values"], data["links"], child_rows)


def take_snapshot(row: models.Model, child_relations: Sequence[str] = ()) -> Snapshot:
    """Return a snapshot of ``row``.

    Its own column values are taken from the instance; relations and child rows are read
    from the database. The second argument names the reverse relations whose rows are
    included.
    """
    return Snapshot(
        get_column_values(row),
        _load_links_by_row(type(row), [row.pk])[row.pk],
        {
            name: [
                ChildRow(child.pk, get_column_values(child))
                for child in _load_child_rows(row, name)
            ]
            for name in child_relations
        },
    )


def snapshots(
    rows: Sequence[models.Model], child_relations: Sequence[str] = ()
) -> dict[int, Snapshot]:
    """Return snapshots of several rows of one model, by primary key.

    The arguments are those of ``take_snapshot``. The number of queries does not depend
    on the number of rows.
    """
    snapshots_by_pk = {row.pk: Snapshot(get_column_values(row)) for row in rows}
    if not rows:
        return snapshots_by_pk
    for pk, links in _load_links_by_row(type(rows[0]), list(snapshots_by_pk)).items():
        snapshots_by_pk[pk].links.update(links)
    for name in child_relations:
        child_rows = _load_child_rows_by_parent(
            type(rows[0]), name, list(snapshots_by_pk)
        )
        for pk, snapshot in snapshots_by_pk.items():
            snapshot.parts[name] = child_rows.get(pk, [])
    return snapshots_by_pk


def _load_links_by_row(
    model: type[models.Model], pks: list[int]
) -> dict[int, dict[str, list[int]]]:
    """Return the related keys of all many-to-many relations of rows, in one query.

    The result maps the primary key of a row and the name of a relation to the related
    primary keys, in the order in which they were added.
    """
    relations = _get_editable_many_to_many_fields(model)
    links = {pk: {relation.name: [] for relation in relations} for pk in pks}
    querysets = [
        queryset.filter(**{f"{relation.m2m_field_name()}__in": pks})
        for relation, queryset in zip(
            relations, _get_link_querysets(model), strict=True
        )
    ]
    if not querysets:
        return links
    link_rows = (
        querysets[0].union(*querysets[1:], all=True) if querysets[1:] else querysets[0]
    )
    for position, _pk, owner, target in sorted(link_rows):
        links[owner][relations[position].name].append(target)
    return links


@cache
def _get_link_querysets(model: type[models.Model]) -> list[models.QuerySet]:
    """Return one unevaluated queryset of link rows for each many-to-many relation.

    The querysets are cached, and callers filter them by primary keys: Django takes
    longer to resolve the column names than the database to run the query.
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
        for position, relation in enumerate(_get_editable_many_to_many_fields(model))
    ]


def _load_child_rows_by_parent(
    model: type[models.Model], name: str, pks: list[int]
) -> dict[int, list[ChildRow]]:
    relation = model._meta.get_field(name)
    rows = models.QuerySet(relation.related_model)
    if isinstance(relation, GenericRelation):
        parent_column = relation.object_id_field_name
        content_type = ContentType.objects.get_for_model(model)
        rows = rows.filter(**{relation.content_type_field_name: content_type})
    else:
        parent_column = relation.field.attname
    child_rows: dict[int, list[ChildRow]] = {}
    for row in rows.filter(**{f"{parent_column}__in": pks}).order_by("pk"):
        child_row = ChildRow(row.pk, get_column_values(row))
        child_rows.setdefault(getattr(row, parent_column), []).append(child_row)
    return child_rows


def is_same_state(stored: dict, current: Snapshot) -> bool:
    """Return whether a stored snapshot (``as_json``) has the values of ``current``.

    Columns and relations that the model did not have when the snapshot was stored are
    not compared.
    """
    state = current.as_json()
    parts = {
        name: _restrict_child_rows(state["parts"].get(name, []), rows)
        for name, rows in stored["parts"].items()
    }
    return stored == {
        "values": _restrict(state["values"], stored["values"]),
        "links": _restrict(state["links"], stored["links"]),
        "parts": parts,
    }


def _restrict(values: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def _restrict_child_rows(rows: list[dict], stored: list[dict]) -> list[dict]:
    """Leave out the columns of ``rows`` that none of the stored rows has."""
    names = {name for row in stored for name in row["values"]}
    return [{**row, "values": _restrict(row["values"], names)} for row in rows]


def get_column_values(row: models.Model) -> dict[str, Any]:
    """Return the audited columns of ``row`` by ``attname``, as JSON values.

    Fields listed in ``secret_fields`` of the model are redacted.
    """
    secret_fields = getattr(row, "secret_fields", ())
    return {
        column.attname: _redact(row, column)
        if column.name in secret_fields
        else serialize_column(row, column)
        for column in get_audited_columns(type(row))
    }


def get_audited_columns(model: type[models.Model]) -> list[models.Field]:
    """Return the columns of ``model`` that are audited.

    These are editable columns and files, without the primary key. Columns that only the
    code writes (such as the status of a record) are not editable. The original column
    of a translated field is left out, because it repeats the English text.
    """
    unsuffixed_fields = _get_translated_fields(model)
    return [
        column
        for column in model._meta.concrete_fields
        if _is_audited(column, unsuffixed_fields)
    ]


def _is_audited(column: models.Field, unsuffixed_fields: set[str]) -> bool:
    is_editable = column.editable or isinstance(column, models.FileField)
    return (
        is_editable and not column.primary_key and column.name not in unsuffixed_fields
    )


def serialize_column(row: models.Model, column: models.Field) -> Any:
    """Return the value of one column of ``row`` as a JSON value.

    Date-times become ISO 8601 text in UTC, and decimals text without trailing zeros.
    """
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
        return ""  # NULL (never entered) and "" (cleared) both mean "no text"
    return value


def get_column_language(column: models.Field) -> str:
    """Return the language code of a translated column, "" for any other column."""
    return column.language if isinstance(column, TranslationField) else ""


def get_field_name(column: models.Field) -> str:
    """Return the name of a column's field, without the suffix for the language."""
    if isinstance(column, TranslationField):
        return column.translated_field.name
    return column.name


def get_many_to_many_ids(
    row: models.Model, relation: models.ManyToManyField
) -> list[int]:
    """Return the related primary keys of ``row`` in the order of their addition."""
    rows = relation.remote_field.through.objects.filter(
        **{f"{relation.m2m_field_name()}_id": row.pk}
    )
    target = f"{relation.m2m_reverse_field_name()}_id"
    return list(rows.order_by("pk").values_list(target, flat=True))


def _get_editable_many_to_many_fields(
    model: type[models.Model],
) -> list[models.ManyToManyField]:
    return [relation for relation in model._meta.many_to_many if relation.editable]


def _load_child_rows(row: models.Model, name: str) -> list[models.Model]:
    return list(getattr(row, name).order_by("pk"))


def get_child_model(model: type[models.Model], name: str) -> type[models.Model]:
    """Return the model of the rows in the reverse relation ``name`` of ``model``."""
    relation = model._meta.get_field(name)
    return relation.related_model


def get_parent_columns(model: type[models.Model], name: str) -> set[str]:
    """Return the columns of child rows that refer to their record (``attname``).

    For a GenericRelation these are the content type and the object id.
    """
    relation = model._meta.get_field(name)
    if isinstance(relation, GenericRelation):
        return {relation.content_type_field_name + "_id", relation.object_id_field_name}
    return {relation.field.attname}


def _redact(row: models.Model, column: models.Field) -> str:
    """Return a placeholder that changes with the value but does not disclose it."""
    value = str(getattr(row, column.attname))
    return REDACTED_VALUE + hashlib.sha256(value.encode()).hexdigest()[:16]


def _get_translated_fields(model: type[models.Model]) -> set[str]:
    try:
        return set(translator.get_options_for_model(model).get_field_names())
    except NotRegistered:
        return set()
