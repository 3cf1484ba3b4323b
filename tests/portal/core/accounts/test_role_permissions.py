"""Roles: the permissions that apps declare for them, and their assignment to users."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from portal.core.accounts.choices import Role
from portal.core.accounts.models import User
from portal.core.accounts.roles import (
    InvalidRolePermissionsError,
    parse_role_permissions,
    sync_roles_after_migrate,
)
from portal.core.audit.models import Deed
from tests.admin_forms import errors, filled
from tests.factories import publishing as states
from tests.sign_in import confirmed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("permissions", "message"),
    [
        ({"clerk": {"seminar": "view"}}, "clerk"),
        ({"editor": {"semester": "view"}}, "semester"),
        ({"editor": {"seminar": "view burn"}}, "burn_seminar"),
    ],
)
def test_unknown_permission_is_rejected_by_name(permissions, message):
    with pytest.raises(InvalidRolePermissionsError, match=message):
        parse_role_permissions("seminars", permissions)


def test_migrate_grants_role_permissions(capsys):
    Group.objects.all().delete()
    last = [config for config in apps.get_app_configs() if config.models_module][-1]

    for config in apps.get_app_configs():
        sync_roles_after_migrate(config, using="default", apps=apps)
        is_done = Group.objects.exists()
        assert is_done == (config is last)

    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


def test_role_sync_command_reports_repairs(capsys):
    Group.objects.get(name="auditor").permissions.clear()

    call_command("sync_roles")
    call_command("sync_roles")

    output = capsys.readouterr().out.splitlines()
    assert output == [
        "auditor: updated",
        "7 roles, 1 changed",
        "7 roles, 0 changed",
    ]


# ------------------------------------------------------------ assigning roles to users


@pytest.fixture
def administrator(client) -> User:
    user = states.staff("sample.administrator")
    user.groups.add(Group.objects.get(name="administrator"))
    confirmed(client, user)
    return user


def _form(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/change/"


def _save(client, user: User, **values):
    sent = filled(client.get(_form(user))) | values
    response = client.post(_form(user), sent)
    assert response.status_code == 302, errors(response)


def _roles(user: User) -> list[str]:
    return sorted(user.groups.values_list("name", flat=True))


def test_administrator_assigns_roles(client, administrator):
    colleague = states.staff()
    groups = Group.objects.filter(name__in=["editor", "translator"])

    _save(client, colleague, groups=[group.pk for group in groups], translates=["vi"])

    assert _roles(colleague) == ["editor", "translator"]
    changes = Deed.objects.latest("position").changes
    assert {
        "field": "groups",
        "language": "",
        "old": "",
        "new": "editor; translator",
    } in changes


def test_roles_show_translated_labels(client, administrator):
    page = client.get(_form(states.staff())).content.decode()

    assert "training administrator" in page
    assert "user_permissions" not in page


def test_group_that_is_not_a_role_cannot_be_assigned(client, administrator):
    colleague = states.staff()
    group = Group.objects.create(name="sample")
    group.permissions.set(Permission.objects.all())

    sent = filled(client.get(_form(colleague))) | {"groups": [group.pk]}
    client.post(_form(colleague), sent)

    assert _roles(colleague) == []


def test_user_cannot_assign_roles_to_self(client, administrator):
    registrar = Group.objects.get(name="registrar")

    page = client.get(_form(administrator)).content.decode()
    _save(client, administrator, groups=[registrar.pk], first_name="Mei")

    administrator.refresh_from_db()
    assert administrator.first_name == "Mei"
    assert _roles(administrator) == ["administrator"]
    assert 'name="groups"' not in page


def test_user_changelist_shows_and_filters_by_role(client, administrator):
    states.staff("sample.editor").groups.add(Group.objects.get(name="editor"))

    page = client.get("/admin/accounts/user/").content.decode()
    editors = client.get("/admin/accounts/user/?role=editor")

    assert '<td class="field-roles">editor</td>' in page
    users = editors.context["cl"].result_list
    assert [user.username for user in users] == ["sample.editor"]


def test_group_admin_is_not_registered(client):
    confirmed(client, states.staff("sample.chief", is_superuser=True))

    assert client.get("/admin/auth/group/").status_code == 404
