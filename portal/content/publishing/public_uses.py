"""Queries for whether records use a row: a topic, a place, a party or another record.

Topics, places and parties have no status of their own: they become public with the
first published record that refers to them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Exists, OuterRef

from portal.content.publishing.models import Publishable


def lookups_of_records(
    model: type[models.Model],
) -> Iterator[tuple[type[Publishable], str]]:
    """Yield ``(record model, lookup)`` for each way in which a record can refer to
    ``model``.

    The lookup is relative to the record model. It follows a relation of the record
    itself or one of its child rows.
    """
    for relation in model._meta.related_objects:
        using_model, name = relation.related_model, relation.field.name
        if issubclass(using_model, Publishable):
            yield using_model, name
            continue
        for key in using_model._meta.fields:
            if _is_parent_key(key):
                yield key.related_model, f"{key.related_query_name()}__{name}"


def _is_parent_key(key: models.Field) -> bool:
    """Return whether ``key`` is the foreign key from a child row to its record."""
    return (
        isinstance(key, models.ForeignKey)
        and issubclass(key.related_model, Publishable)
        and key.remote_field.get_accessor_name() in key.related_model.child_relations
    )


def is_linked(record: Publishable) -> bool:
    """Return whether a many-to-many relation of another record or its child rows
    contains ``record``.

    The status of the other record does not matter. Deleting ``record`` would silently
    remove such links, whereas foreign keys are protected by the database. Runs one
    query, regardless of the number of relations.
    """
    model = type(record)
    uses = [
        models.Q(
            Exists(
                models.QuerySet(relation.related_model).filter(
                    **{relation.field.name: OuterRef("pk")}
                )
            )
        )
        for relation in model._meta.related_objects
        if relation.many_to_many
    ]
    if not uses:
        return False
    return _get_rows(model).filter(reduce(or_, uses), pk=record.pk).exists()


def is_used_in_public(row: models.Model, *, at: dt.datetime) -> bool:
    """Return whether a record that is published at ``at`` refers to ``row``."""
    condition = _build_use_condition(type(row), at)
    return (
        condition is not None
        and _get_rows(type(row)).filter(condition, pk=row.pk).exists()
    )


def not_used_in_public(
    model: type[models.Model], pks: Iterable[int], *, at: dt.datetime
) -> models.QuerySet:
    """Return the rows of ``model`` with keys ``pks`` that no record published at ``at``
    refers to."""
    rows, condition = (
        _get_rows(model).filter(pk__in=list(pks)),
        _build_use_condition(model, at),
    )
    return rows if condition is None else rows.exclude(condition)


def _get_rows(model: type[models.Model]) -> models.QuerySet:
    return models.QuerySet(model)


def _build_use_condition(model: type[models.Model], at: dt.datetime) -> models.Q | None:
    """Build the condition that a record published at ``at`` refers to a row of
    ``model``.

    Returns None if no record model has a relation to ``model``.
    """
    # One EXISTS for each relation uses the index of that relation and stops at the
    # first match.
    uses = [
        models.Q(
            Exists(using_model.objects.published(at).filter(**{lookup: OuterRef("pk")}))
        )
        for using_model, lookup in lookups_of_records(model)
    ]
    return reduce(or_, uses) if uses else None
