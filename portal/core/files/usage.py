"""Find the records that use a stored file or picture.

Other apps register functions here, because this package must not import them.
"""

from collections.abc import Callable, Iterable

from django.db import models
from django.utils.text import capfirst

UsageProvider = Callable[[models.Model], Iterable[models.Model]]
_usage_providers: list[UsageProvider] = []


def register_usage_provider(provider: UsageProvider) -> UsageProvider:
    """Register a function that returns records which use a given row; return it.

    For uses without a foreign key, such as a pending proposal to add a file. The
    function gets the row (a file or picture). Can be used as a decorator.
    """
    _usage_providers.append(provider)
    return provider


def get_usages(row: models.Model) -> list[str]:
    """Return descriptions of the records that use ``row``, without duplicates.

    A record uses ``row`` if it has a protected foreign key to ``row`` or if a
    registered function returns it. A description is the type and name of the record
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
    usages += [
        _describe_usage(using_row)
        for provider in _usage_providers
        for using_row in provider(row)
    ]
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
