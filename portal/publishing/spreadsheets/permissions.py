"""Who may bring rows in, and who may take them out."""

from collections.abc import Iterable, Iterator

from django.contrib.auth import get_permission_codename
from django.db import models

from portal.publishing.columns.cells import model_of
from portal.publishing.columns.others import innermost
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.registry import resource_codes, resource_named


def may_import(user, resource: Resource) -> bool:
    """Whoever may add and change by hand all that the sheet writes, sees what it names,
    and is here: whether a key is known tells of what it names."""
    return (
        user.is_active
        and all(
            _may(user, action, model)
            for model in resource.needs()
            for action in ("add", "change")
        )
        and _sees_all(user, _named(resource))
    )


def may_export(user, resource: Resource) -> bool:
    """Whoever may see the records, one by one, in the admin, and all that they name."""
    return user.is_active and _sees_all(user, [*resource.needs(), *_named(resource)])


def is_personal(resource: Resource) -> bool:
    """Whether its rows tell of persons: who takes them out shows who they are first."""
    return any(getattr(model, "personal_fields", ()) for model in resource.needs())


def importable(user) -> list[str]:
    """The codes of the resources that ``user`` may bring in."""
    return [code for code in resource_codes() if may_import(user, resource_named(code))]


def _named(resource: Resource) -> Iterator[type[models.Model]]:
    """The models to whose rows the columns of ``resource`` point."""
    for column in resource.columns:
        label = getattr(innermost(column), "model", None)
        if label:
            yield model_of(label)


def _sees_all(user, seen: Iterable[type[models.Model]]) -> bool:
    return all(_may(user, "view", one) or _may(user, "change", one) for one in seen)


def _may(user, action: str, model) -> bool:
    codename = get_permission_codename(action, model._meta)
    return user.has_perm(f"{model._meta.app_label}.{codename}")
