"""The roles of staff: what each may do, gathered from what the apps declare.

An app says in its ``permissions.py`` what a role may do with the app's own models, as
plain data (rooms below this one say it too):
``RIGHTS = {"editor": {"seminar": "add change delete view"}}``. In the database a role
is a group that bears its code and has exactly these rights; a person who has several
roles may do what any of them may.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.utils.module_loading import module_has_submodule

from portal.accounts.choices import Role


class BadRights(ValueError):
    """An app declares a right that cannot be: the role, model or action is unknown."""


@dataclass(frozen=True)
class Right:
    """What one role may do to the rows of one model, as in Django: add, change …"""

    role: Role
    model: type[models.Model]
    actions: tuple[str, ...]

    def codenames(self) -> set[str]:
        return {f"{action}_{self.model._meta.model_name}" for action in self.actions}


@cache
def rights() -> tuple[Right, ...]:
    """All rights of all roles, app by app as installed. Raises :class:`BadRights`."""
    found = []
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "permissions"):
            module = import_module(f"{config.name}.permissions")
            found += declared(config.label, getattr(module, "RIGHTS", {}))
    return tuple(found)


def declared(app_label: str, told: dict[str, dict[str, str]]) -> list[Right]:
    """The rights in ``RIGHTS`` of the app ``app_label``. Raises :class:`BadRights`."""
    found = []
    for role, models_told in told.items():
        for name, actions in models_told.items():
            try:
                model = apps.get_model(app_label, name)
                right = Right(Role(role), model, tuple(actions.split()))
            except (LookupError, ValueError) as problem:
                raise BadRights(f"{app_label}: {role} {name}: {problem}") from problem
            _check(right)
            found.append(right)
    return found


def _check(right: Right) -> None:
    opts = right.model._meta
    known = {f"{action}_{opts.model_name}" for action in opts.default_permissions}
    unknown = right.codenames() - known
    if unknown:
        message = f"{opts.label}: {right.role} has no such right: {sorted(unknown)}"
        raise BadRights(message)


def may_do(model: type[models.Model]) -> dict[Role, tuple[str, ...]]:
    """What each role may do to rows of ``model``; roles that may nothing are not in."""
    return {right.role: right.actions for right in rights() if right.model is model}


def sync_roles(*, using: str = DEFAULT_DB_ALIAS) -> list[Role]:
    """Give the group of each role the rights that are declared, and no others.

    Returns the roles that were changed. A right whose row is not there yet, in a
    database that is migrated half way, is given the next time.
    """
    wanted: dict[Role, set[int]] = {role: set() for role in Role}
    rows = Permission.objects.using(using).select_related("content_type")
    pks = {(row.content_type.app_label, row.codename): row.pk for row in rows}
    for right in rights():
        names = ((right.model._meta.app_label, name) for name in right.codenames())
        wanted[right.role] |= {pks[name] for name in names if name in pks}
    with transaction.atomic(using=using):
        return [role for role in Role if _give(role, wanted[role], using)]


def _give(role: Role, wanted: set[int], using: str) -> bool:
    group, is_new = Group.objects.using(using).get_or_create(name=role.value)
    held = set(group.permissions.values_list("pk", flat=True))
    if held != wanted:
        group.permissions.set(wanted)
    return is_new or held != wanted


def sync_after_migrate(sender, using, apps=apps, **kwargs) -> None:
    """Once the last app is migrated and all permissions are there: ``sync_roles``.

    A flush says so too, and hands over no state of the apps.
    """
    if sender is not _last_app():
        return
    try:
        apps.get_model("auth", "Group")
    except LookupError:  # migrated back to before there were groups
        return
    create_permissions(sender, verbosity=0, using=using, apps=apps)
    sync_roles(using=using)


def _last_app():
    """The app for which Django says last that it is migrated."""
    return [config for config in apps.get_app_configs() if config.models_module][-1]
