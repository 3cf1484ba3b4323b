"""Roles of staff, with permissions collected from the declarations of all apps.

Each app declares in its module ``permissions`` what roles may do with the models of the
app: ``ROLE_PERMISSIONS = {"editor": {"seminar": "add change delete view"}}``. The
declaration is plain data, so that apps which must not import this package can make it
too. In the database a role is a group whose name is the code of the role and which has
exactly these permissions. A user with several roles has the permissions of all of them.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.utils.module_loading import module_has_submodule

from portal.core.accounts.choices import Role


class InvalidRolePermissionsError(ValueError):
    """An app declares a permission with an unknown role, model or action."""


@dataclass(frozen=True)
class RolePermission:
    """Permissions of one role on one model.

    ``actions`` are those of Django's default permissions: add, change, delete, view.
    """

    role: Role
    model: type[models.Model]
    actions: tuple[str, ...]

    def codenames(self) -> set[str]:
        return {f"{action}_{self.model._meta.model_name}" for action in self.actions}


@cache
def get_role_permissions() -> tuple[RolePermission, ...]:
    """Return the permissions of all roles, in the order of the installed apps.

    Raises InvalidRolePermissionsError for an invalid declaration.
    """
    role_permissions = []
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "permissions"):
            module = import_module(f"{config.name}.permissions")
            role_permissions += parse_role_permissions(
                config.label, getattr(module, "ROLE_PERMISSIONS", {})
            )
    return tuple(role_permissions)


def parse_role_permissions(
    app_label: str, declaration: dict[str, dict[str, str]]
) -> list[RolePermission]:
    """Parse the ``ROLE_PERMISSIONS`` that the app ``app_label`` declares.

    Raises InvalidRolePermissionsError for an unknown role, model or action.
    """
    role_permissions = []
    for role, actions_by_model in declaration.items():
        for name, actions in actions_by_model.items():
            try:
                model = apps.get_model(app_label, name)
                role_permission = RolePermission(
                    Role(role), model, tuple(actions.split())
                )
            except (LookupError, ValueError) as error:
                raise InvalidRolePermissionsError(
                    f"{app_label}: {role} {name}: {error}"
                ) from error
            _check_actions_exist(role_permission)
            role_permissions.append(role_permission)
    return role_permissions


def _check_actions_exist(role_permission: RolePermission) -> None:
    opts = role_permission.model._meta
    valid_codenames = {
        f"{action}_{opts.model_name}" for action in opts.default_permissions
    }
    unknown_codenames = role_permission.codenames() - valid_codenames
    if unknown_codenames:
        message = (
            f"{opts.label}: {role_permission.role} has unknown permissions: "
            f"{sorted(unknown_codenames)}"
        )
        raise InvalidRolePermissionsError(message)


def get_actions_by_role(model: type[models.Model]) -> dict[Role, tuple[str, ...]]:
    """Return the permitted actions on ``model`` by role.

    Roles without permissions on the model are left out.
    """
    return {
        role_permission.role: role_permission.actions
        for role_permission in get_role_permissions()
        if role_permission.model is model
    }


def sync_roles(*, using: str = DEFAULT_DB_ALIAS) -> list[Role]:
    """Set the permissions of each role's group to exactly those that are declared.

    Returns the roles whose group was created or changed. A permission that does not
    exist yet, because the database is only partly migrated, is skipped and added by the
    next call.
    """
    required_ids: dict[Role, set[int]] = {role: set() for role in Role}
    permissions = Permission.objects.using(using).select_related("content_type")
    ids_by_name = {
        (permission.content_type.app_label, permission.codename): permission.pk
        for permission in permissions
    }
    for role_permission in get_role_permissions():
        names = (
            (role_permission.model._meta.app_label, name)
            for name in role_permission.codenames()
        )
        required_ids[role_permission.role] |= {
            ids_by_name[name] for name in names if name in ids_by_name
        }
    with transaction.atomic(using=using):
        return [
            role
            for role in Role
            if _set_group_permissions(role, required_ids[role], using)
        ]


def _set_group_permissions(role: Role, required_ids: set[int], using: str) -> bool:
    group, is_new = Group.objects.using(using).get_or_create(name=role.value)
    current_ids = set(group.permissions.values_list("pk", flat=True))
    if current_ids != required_ids:
        group.permissions.set(required_ids)
    return is_new or current_ids != required_ids


def sync_roles_after_migrate(sender, using, apps=apps, **kwargs) -> None:
    """Synchronise the roles after the last app was migrated (``post_migrate``).

    Before that, not all permissions exist. The command ``flush`` sends this signal too,
    without the argument ``apps``, so the current app registry is the default.
    """
    if sender is not _get_last_app():
        return
    try:
        apps.get_model("auth", "Group")
    except LookupError:  # migrated back to a state without groups
        return
    create_permissions(sender, verbosity=0, using=using, apps=apps)
    sync_roles(using=using)


def _get_last_app():
    """Return the last app with models; ``post_migrate`` is sent for it last."""
    return [config for config in apps.get_app_configs() if config.models_module][-1]
