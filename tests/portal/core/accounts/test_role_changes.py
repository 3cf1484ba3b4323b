"""Limits on changing other users' permissions, and the sessions a change ends."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import NoReverseMatch, reverse

from portal.core.accounts.models import User
from portal.core.accounts.second_factors import has_second_factor
from portal.core.audit.models import Deed
from tests.factories import publishing as states
from tests.sign_in import confirmed, give_password, is_signed_in, with_app

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-05-06T12:00:00+00:00", tick=False)
    return time_machine


def _access(person: User) -> str:
    return f"/admin/accounts/user/{person.pk}/access/"


@pytest.fixture
def chief(client) -> User:
    """Return an administrator who has just signed in with ``client``."""
    user = states.staff("sample.chief", is_superuser=True)
    confirmed(client, user)
    return user


def _form(person: User, **values) -> dict:
    form_data = {
        "username": person.username,
        "interface_language": "en",
        "is_active": "on",
        "is_staff": "on",
        "translates": [],
    }
    return {**form_data, **values}


def test_role_change_ends_sessions(client, chief):
    person, role = states.staff(), Group.objects.get(name="editor")
    theirs = client.__class__()
    give_password(theirs)

    client.post(
        f"/admin/accounts/user/{person.pk}/change/", _form(person, groups=[role.pk])
    )

    assert list(person.groups.all()) == [role]
    assert not is_signed_in(theirs)
    (entry,) = Deed.objects.for_record(person)
    assert (entry.verb, entry.by) == ("changed", chief)
    assert [change["field"] for change in entry.changes] == ["groups"]


def test_name_change_keeps_sessions(client, chief):
    person = states.staff()
    theirs = client.__class__()
    give_password(theirs)

    client.post(
        f"/admin/accounts/user/{person.pk}/change/", _form(person, first_name="Mei")
    )

    person.refresh_from_db()
    assert person.first_name == "Mei"
    assert is_signed_in(theirs)


def test_own_role_change_keeps_current_session(client, chief):
    role = Group.objects.get(name="editor")

    client.post(
        f"/admin/accounts/user/{chief.pk}/change/",
        _form(chief, groups=[role.pk], is_superuser="on"),
    )

    assert list(chief.groups.all()) == [role]
    assert is_signed_in(client)


def test_non_superuser_cannot_create_superuser(client):
    may = Permission.objects.filter(
        codename__in=["change_user", "view_user"], content_type__app_label="accounts"
    )
    user = states.staff(permissions=may)
    confirmed(client, user)

    client.post(
        f"/admin/accounts/user/{user.pk}/change/",
        _form(user, is_superuser="on", first_name="Mei"),
    )

    user.refresh_from_db()
    assert user.first_name == "Mei"
    assert not user.is_superuser


def test_non_superuser_cannot_edit_superuser(client):
    may = Permission.objects.filter(content_type__model="user")
    confirmed(client, states.staff(permissions=may))
    chief = with_app(states.staff("sample.chief", is_superuser=True))

    responses = [
        client.post(_access(chief), {"action": "reset"}),
        client.post(f"/admin/accounts/user/{chief.pk}/change/", _form(chief)),
        client.post(f"/admin/accounts/user/{chief.pk}/delete/", {"post": "yes"}),
    ]

    assert [response.status_code for response in responses] == [403, 403, 403]
    assert has_second_factor(chief)


def test_password_of_another_user_cannot_be_set(client, chief):
    person = states.staff()

    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[person.pk])
    page = client.get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
    assert 'name="password' not in page
