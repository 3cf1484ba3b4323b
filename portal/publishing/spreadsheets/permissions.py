"""Who may bring rows in, and who may take them out."""

from django.contrib.auth import get_permission_codename

from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.registry import resource_codes, resource_named


def may_import(user, resource: Resource) -> bool:
    """Whoever may add and change by hand all that the sheet writes, and is here."""
    return user.is_active and all(
        _may(user, action, model)
        for model in resource.needs()
        for action in ("add", "change")
    )


def may_export(user, resource: Resource) -> bool:
    """Whoever may see the records, one by one, in the admin."""
    return user.is_active and all(
        _may(user, "view", model) or _may(user, "change", model)
        for model in resource.needs()
    )


def is_personal(resource: Resource) -> bool:
    """Whether its rows tell of persons: who takes them out shows who they are first."""
    return any(getattr(model, "personal_fields", ()) for model in resource.needs())


def importable(user) -> list[str]:
    """The codes of the resources that ``user`` may bring in."""
    return [code for code in resource_codes() if may_import(user, resource_named(code))]


def _may(user, action: str, model) -> bool:
    codename = get_permission_codename(action, model._meta)
    return user.has_perm(f"{model._meta.app_label}.{codename}")
