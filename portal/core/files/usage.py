"""Find the records that use a stored file or picture."""

from collections.abc import Iterable

from django.db import models
from django.utils.text import capfirst


def get_usages(row: models.Model, other_rows: Iterable[models.Model] = ()) -> list[str]:
    """Return descriptions of the records that use ``row``, without duplicates.

    A record uses ``row`` if it has a protected foreign key to ``row``; ``other_rows``
    use it without one. A description is the type and name of the record
    (``Article “Opening”``); rows that are part of a record are described as that
    record.
    """
    usages = []
    for relation in row._meta.related_objects:
        if relation.on_delete is models.PROTECT:
            using_rows = models.QuerySet(relation.related_model).order_by("pk")
            usages += [
                _describe_usage(using_row)
                for using_row in using_rows.filter(**{relation.field.name: row})
            ]
    usages += [_describe_usage(other_row) for other_row in other_rows]
    return list(dict.fromkeys(usages))


def _describe_usage(row: models.Model) -> str:
    owner = _get_owner(row)
    return f"{capfirst(owner._meta.verbose_name)} “{owner}”"


def _get_owner(row: models.Model) -> models.Model:
    """Return the record or parent row that ``row`` belongs to, otherwise ``row``."""
    if hasattr(row, "record"):
        return row.record or row
    keys = [field for field in row._meta.fields if field.many_to_one]
    owners = [key for key in keys if key.remote_field.on_delete is models.CASCADE]
    return getattr(row, owners[0].name) if owners else row
