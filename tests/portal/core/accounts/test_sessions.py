"""Sessions of an account: list, sign-out everywhere, end after a password change."""

import pytest

from portal.core.audit.models import Deed
from tests.factories import publishing as states
from tests.sign_in import confirmed, give_password, is_signed_in

pytestmark = pytest.mark.django_db
CHOSEN = "a-long-enough-choice"


@pytest.fixture
def sessions(client) -> tuple:
    """Return a clerk and the two clients in which the clerk is signed in."""
    user, other_client = states.staff(), client.__class__()
    give_password(client, headers={"user-agent": "Sample Browser"})
    give_password(other_client, headers={"user-agent": "Other Browser"})
    return user, client, other_client


def test_list_shows_every_session_of_the_person_and_no_other(sessions, client):
    user, client, _other_client = sessions
    give_password(client.__class__(), states.staff("sample.third").username)

    page = client.get("/accounts/sessions/", headers={"user-agent": "Sample Browser"})

    agents = [session.user_agent for session in page.context["sessions"]]
    assert sorted(agents) == ["Other Browser", "Sample Browser"]
    assert [session.user_id for session in page.context["sessions"]] == [user.pk] * 2
    assert page.content.decode().count("(this device)") == 1


def test_signing_out_everywhere_keeps_this_session_only(sessions):
    user, client, other_client = sessions

    client.post("/accounts/sessions/")

    assert is_signed_in(client)
    assert not is_signed_in(other_client)
    assert len(client.get("/accounts/sessions/").context["sessions"]) == 1
    (entry,) = Deed.objects.for_record(user)
    assert (entry.verb, entry.by) == ("signed_out", user)


def test_password_change_ends_other_sessions(sessions):
    _user, client, other_client = sessions

    client.post(
        "/admin/password_change/",
        {
            "old_password": "sample-password",
            "new_password1": CHOSEN,
            "new_password2": CHOSEN,
        },
    )

    assert is_signed_in(client)
    assert not is_signed_in(other_client)


@pytest.mark.parametrize("password", ["short", "elevenchars", "1234567890123"])
def test_own_password_needs_twelve_characters(sessions, password):
    user, client, _other_client = sessions

    client.post(
        "/admin/password_change/",
        {
            "old_password": "sample-password",
            "new_password1": password,
            "new_password2": password,
        },
    )

    user.refresh_from_db()
    assert user.check_password("sample-password")


def test_session_cookie_expires_with_browser(client):
    states.staff()

    response = give_password(client)

    assert response.cookies["sessionid"]["max-age"] == ""
    assert client.session.get_expire_at_browser_close()


def test_sign_out_requires_post(client):
    client.force_login(states.staff())

    assert client.get("/accounts/logout/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert not is_signed_in(client)


def test_former_staff_account_has_no_access(client):
    user = states.staff()
    give_password(client)

    type(user).objects.filter(pk=user.pk).update(is_staff=False)

    assert client.get("/admin/").status_code == 403
    assert client.get("/accounts/").status_code == 403


def test_account_page_lists_own_sign_in_attempts(client):
    user = states.staff()
    give_password(client)
    give_password(client.__class__(), "sample.clerk", "wrong")

    page = client.get("/accounts/")

    outcomes = [sign_in.outcome for sign_in in page.context["sign_ins"]]
    assert outcomes == ["failed", "passed"]
    assert {sign_in.user for sign_in in page.context["sign_ins"]} == {user}


def test_reauthentication_cannot_switch_user(client):
    confirmed(client, states.staff(), minutes_ago=20)
    states.staff("sample.other")

    client.post("/accounts/reauthenticate/", {"password": "wrong"})

    assert is_signed_in(client)
