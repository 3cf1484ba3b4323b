"""What uses a file or a picture, whichever rooms above have it."""

from collections.abc import Callable, Iterable

from django.db import models
from django.utils.text import capfirst

User = Callable[[models.Model], Iterable[models.Model]]
_users: list[User] = []


def register_user(user: User) -> User:
    """Let a room above name rows that are to use a file though no key says so yet."""
    _users.append(user)
    return user


def uses_of(row: models.Model) -> list[str]:
    """What holds ``row`` and so keeps it: ``Article opening``, each told once.

    A row that belongs to another one is told as that.
    """
    found = []
    for relation in row._meta.related_objects:
        if relation.on_delete is models.PROTECT:
            rows = models.QuerySet(relation.related_model).order_by("pk")
            found += [_named(one) for one in rows.filter(**{relation.field.name: row})]
    found += [_named(one) for user in _users for one in user(row)]
    return list(dict.fromkeys(found))


def _named(row: models.Model) -> str:
    owner = _owner(row)
    return f"{capfirst(owner._meta.verbose_name)} “{owner}”"


def _owner(row: models.Model) -> models.Model:
    """The record on which ``row`` hangs, or the row it is a part of, or itself."""
    if hasattr(row, "record"):
        return row.record or row
    keys = [field for field in row._meta.fields if field.many_to_one]
    owners = [key for key in keys if key.remote_field.on_delete is models.CASCADE]
    return getattr(row, owners[0].name) if owners else row
