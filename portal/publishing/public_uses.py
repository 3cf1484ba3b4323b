"""Whether records use a row: a topic, a place, a party or another record.

Names are no records of their own: they become public with a record that names them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Exists, OuterRef

from portal.publishing.models import Publishable


def lookups_of_records(
    model: type[models.Model],
) -> Iterator[tuple[type[Publishable], str]]:
    """Yield each kind of record that can use a row of ``model``, with the lookup that
    leads from the record to the row: its own relation, or that of one of its parts."""
    for relation in model._meta.related_objects:
        user, name = relation.related_model, relation.field.name
        if issubclass(user, Publishable):
            yield user, name
            continue
        for key in user._meta.fields:
            if _is_owner(key):
                yield key.related_model, f"{key.related_query_name()}__{name}"


def _is_owner(key: models.Field) -> bool:
    """Whether ``key`` leads from a part to the record that it is published with."""
    return (
        isinstance(key, models.ForeignKey)
        and issubclass(key.related_model, Publishable)
        and key.remote_field.get_accessor_name() in key.related_model.parts
    )


def is_linked(record: Publishable) -> bool:
    """Return whether a many-to-many relation of another record, in any state, or of one
    of its parts, names ``record``.

    Those links would vanish with it; foreign keys of other records protect it in the
    database. One query, however many relations lead to the record.
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
    return _rows(model).filter(reduce(or_, uses), pk=record.pk).exists()


def is_used_in_public(row: models.Model, *, at: dt.datetime) -> bool:
    """Return whether a record that is published at ``at`` uses ``row``."""
    used = _used(type(row), at)
    return used is not None and _rows(type(row)).filter(used, pk=row.pk).exists()


def not_used_in_public(
    model: type[models.Model], pks: Iterable[int], *, at: dt.datetime
) -> models.QuerySet:
    """Return those rows of ``model`` with keys ``pks`` that no record uses which is
    published at ``at``."""
    rows, used = _rows(model).filter(pk__in=list(pks)), _used(model, at)
    return rows if used is None else rows.exclude(used)


def _rows(model: type[models.Model]) -> models.QuerySet:
    return models.QuerySet(model)


def _used(model: type[models.Model], at: dt.datetime) -> models.Q | None:
    # One EXISTS for each relation: it is looked up in the index of that relation, and
    # the database stops at the first record that it finds.
    uses = [
        models.Q(Exists(user.objects.published(at).filter(**{lookup: OuterRef("pk")})))
        for user, lookup in lookups_of_records(model)
    ]
    return reduce(or_, uses) if uses else None
