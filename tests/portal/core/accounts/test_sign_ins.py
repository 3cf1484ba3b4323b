"""Sign-in log: user, time, address, outcome and factor of each attempt."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.core.accounts.models import SignIn, User
from portal.core.accounts.tasks import prune_sign_ins
from tests.factories import publishing as states
from tests.sign_in import code, confirmed, give_code, give_password, with_app

pytestmark = pytest.mark.django_db
HERE = {"REMOTE_ADDR": "198.51.100.4"}


def _logged_rows() -> list[tuple]:
    rows = SignIn.objects.order_by("pk")
    return list(rows.values_list("user__username", "address", "outcome", "factor"))


def test_password_and_code_are_logged_as_one_sign_in(client):
    with_app(states.staff())

    give_password(client, **HERE)
    give_code(client, code(), **HERE)

    assert _logged_rows() == [("sample.clerk", "198.51.100.4", "passed", "totp")]


def test_failed_sign_in_logs_failing_factor(client):
    with_app(states.staff())

    give_password(client, password="wrong", **HERE)
    give_password(client, **HERE)
    give_code(client, "000000", **HERE)

    assert _logged_rows() == [
        ("sample.clerk", "198.51.100.4", "failed", "password"),
        ("sample.clerk", "198.51.100.4", "failed", "totp"),
    ]


def test_unknown_username_is_not_logged(client):
    give_password(client, "my-secret-password", "wrong", **HERE)

    (row,) = SignIn.objects.all()
    assert (row.user, row.address, row.outcome) == (None, "198.51.100.4", "failed")
    assert "my-secret-password" not in str(vars(row))


def test_reauthentication_is_logged(client):
    confirmed(client, states.staff(), minutes_ago=20)

    client.post("/accounts/reauthenticate/", {"password": "sample-password"}, **HERE)

    assert _logged_rows() == [("sample.clerk", "198.51.100.4", "confirmed", "password")]


@pytest.mark.parametrize("is_active", [True, False])
def test_non_staff_and_inactive_accounts_are_logged_as_failed(client, is_active):
    User.objects.create_user(
        "sample.outsider",
        password="sample-password",
        is_active=is_active,
        is_staff=not is_active,
    )

    response = give_password(client, "sample.outsider", **HERE)

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert _logged_rows() == [("sample.outsider", "198.51.100.4", "failed", "password")]


def _row(age_in_days: int) -> SignIn:
    return SignIn.objects.create(
        at=timezone.now() - dt.timedelta(days=age_in_days),
        outcome="failed",
        factor="password",
    )


@pytest.mark.parametrize(
    "prune",
    [prune_sign_ins, lambda: call_command("publish_due", stdout=io.StringIO())],
)
def test_log_is_kept_for_a_year(prune):
    recent_row = _row(364)
    _row(366)

    prune()

    assert list(SignIn.objects.all()) == [recent_row]


def test_admin_shows_the_log_and_changes_nothing(client):
    row = _row(1)
    confirmed(client, states.staff(is_superuser=True))
    folder = "/admin/accounts/signin/"

    changelist = client.get(folder)
    refused = [
        client.get(f"{folder}add/"),
        client.post(f"{folder}{row.pk}/change/", {"outcome": "passed"}),
        client.post(f"{folder}{row.pk}/delete/", {"post": "yes"}),
    ]

    assert changelist.status_code == 200
    assert [response.status_code for response in refused] == [403, 403, 403]
    row.refresh_from_db()
    assert row.outcome == "failed"


def test_sign_in_log_requires_permission(client):
    confirmed(client, states.staff())

    assert client.get("/admin/accounts/signin/").status_code == 403
