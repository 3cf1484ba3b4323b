"""Sensitive pages ask for the password again ten minutes after it was entered."""

from urllib.parse import quote

import pytest

from portal.core.accounts.form_tokens import issue_token
from portal.core.accounts.models import Agency, User
from portal.core.accounts.reauthentication import reauthentication_required
from tests.factories import directory
from tests.factories import publishing as states
from tests.sign_in import confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-05-06T12:00:00+00:00", tick=False)
    return time_machine


def _access(person: User) -> str:
    return f"/admin/accounts/user/{person.pk}/access/"


@pytest.fixture
def settled(client) -> User:
    """Return a signed-in administrator who entered the password 11 minutes ago."""
    user = states.staff("sample.chief", is_superuser=True)
    confirmed(client, user, minutes_ago=11)
    return user


def _sensitive(person: User) -> list[str]:
    return [
        _access(person),
        "/admin/accounts/user/add/",
        f"/admin/accounts/user/{person.pk}/change/",
        f"/admin/accounts/user/{person.pk}/delete/",
        "/admin/accounts/agency/add/",
        "/admin/accounts/agencykey/add/",
    ]


def test_sensitive_views_require_reauthentication(client, settled):
    for address in _sensitive(states.staff()):
        response = client.get(address)

        login_url = f"/accounts/reauthenticate/?next={quote(address, safe='')}"
        assert response["Location"] == login_url


def test_changelists_need_no_reauthentication(client, settled):
    for model in ("accounts/user", "accounts/agencykey"):
        assert client.get(f"/admin/{model}/").status_code == 200


def test_reauthentication_is_valid_for_ten_minutes(client, settled, clock):
    address = f"/admin/accounts/user/{settled.pk}/change/"
    login_url = client.get(address)["Location"]

    response = client.post(login_url, {"password": "sample-password"})

    assert response["Location"] == address
    assert client.get(address).status_code == 200
    clock.shift(10 * 60 + 1)
    assert client.get(address).status_code == 302


def test_wrong_password_does_not_reauthenticate(client, settled):
    address = f"/admin/accounts/user/{settled.pk}/change/"

    response = client.post(client.get(address)["Location"], {"password": "wrong"})

    assert response.status_code == 200
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(("minutes", "is_saved"), [(29, True), (31, False)])
def test_form_post_has_reauthentication_grace_period(client, minutes, is_saved):
    chief = states.staff("sample.chief", is_superuser=True)
    confirmed(client, chief, minutes_ago=minutes)
    token = issue_token(chief, "accounts.agency:add")

    client.post(
        "/admin/accounts/agency/add/",
        {"organ": directory.organ().pk, "form_token": token},
    )

    assert Agency.objects.exists() is is_saved


def test_reauthentication_of_other_user_does_not_count(client):
    confirmed(client, states.staff("sample.other"))
    session = client.session
    client.force_login(states.staff("sample.chief", is_superuser=True))
    records = dict(session.items())
    mine = client.session
    mine.update({key: records[key] for key in records if key.startswith("account_")})
    mine.save()

    assert client.get("/admin/accounts/user/add/").status_code == 302


def test_decorator_requires_reauthentication_before_view(client, rf):
    """The decorator is for views of other apps, such as exports of personal data."""
    users = []

    @reauthentication_required
    def view(request):
        users.append(request.user)

    for minutes in (11, 9):
        request = rf.get("/admin/sample/export/")
        request.user = states.staff(f"sample.clerk.{minutes}")
        request.session = confirmed(client, request.user, minutes_ago=minutes).session
        response = view(request)
        if minutes == 11:
            assert response["Location"].startswith("/accounts/reauthenticate/?next=")

    assert [user.username for user in users] == ["sample.clerk.9"]
