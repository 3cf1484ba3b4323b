"""Permission checks for import and export."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.db import models

from portal.content.spreadsheets.columns.related_field import innermost
from portal.content.spreadsheets.registry import get_resource, get_resource_codes
from portal.content.spreadsheets.resources import Resource


def can_import(user, resource: Resource) -> bool:
    """Return whether ``user`` may import ``resource``.

    Requires an active user with add and change permission for all models that the
    import writes, and view permission for all models that its columns refer to, because
    error messages reveal whether a key exists.
    """
    return (
        user.is_active
        and all(
            _has_model_permission(user, action, model)
            for model in resource.get_written_models()
            for action in ("add", "change")
        )
        and _can_view_all(user, _get_referenced_models(resource))
    )


def can_export(user, resource: Resource) -> bool:
    """Return whether ``user`` may export ``resource``.

    Requires an active user with view permission for all models that the resource writes
    or refers to.
    """
    return user.is_active and _can_view_all(
        user, [*resource.get_written_models(), *_get_referenced_models(resource)]
    )


def has_personal_data(resource: Resource) -> bool:
    """Return whether the rows contain personal data.

    Exporting personal data requires recent authentication.
    """
    return any(
        getattr(model, "personal_fields", ()) for model in resource.get_written_models()
    )


def get_importable_codes(user) -> list[str]:
    """Return the codes of the resources that ``user`` may import."""
    return [
        code for code in get_resource_codes() if can_import(user, get_resource(code))
    ]


def _get_referenced_models(resource: Resource) -> Iterator[type[models.Model]]:
    """Yield the models that the columns of ``resource`` refer to."""
    for column in resource.columns:
        label = getattr(innermost(column), "model", None)
        if label:
            yield apps.get_model(label)


def _can_view_all(user, models_to_view: Iterable[type[models.Model]]) -> bool:
    return all(
        _has_model_permission(user, "view", model)
        or _has_model_permission(user, "change", model)
        for model in models_to_view
    )


def _has_model_permission(user, action: str, model) -> bool:
    codename = get_permission_codename(action, model._meta)
    return user.has_perm(f"{model._meta.app_label}.{codename}")
