"""The first second factor of an account needs a one-time link and the password."""

import datetime as dt
import re

import pytest
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from portal.core.accounts import operations
from portal.core.accounts.models import Invitation, User
from portal.core.accounts.operations.invitations import InvalidInvitationError
from portal.core.accounts.operations.second_factors import EnrolmentRefused
from portal.core.accounts.second_factor_views import EnrolmentView, FactorsView
from portal.core.accounts.second_factors import has_second_factor
from tests.factories import publishing as states
from tests.sign_in import (
    SECRET,
    code,
    confirmed,
    enrolment_link,
    give_code,
    give_password,
    is_signed_in,
    use_enrolment_link,
    with_app,
)

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 6, 12, 0, 10, tzinfo=dt.UTC)
APP = "/accounts/2fa/totp/activate/"
PASSKEY = "/accounts/2fa/webauthn/add/"
NEW_CODES = "/accounts/2fa/recovery-codes/generate/"
ADDRESSES = (
    APP,
    PASSKEY,
    NEW_CODES,
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/download/",
)
CHOSEN = "a-long-enough-choice"


@pytest.fixture(autouse=True)
def clock(time_machine):
    """Freeze the time in the middle of a 30-second TOTP step."""
    time_machine.move_to(AT, tick=False)
    return time_machine


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def staff_user() -> User:
    return states.staff()


def _secret(client) -> str:
    page = client.get(APP).content.decode()
    return re.search(r"<code>([A-Z2-7]+)</code>", page)[1]


def _set_up_app(client):
    secret = _secret(client)
    return client.post(APP, {"code": code(secret=secret)})


def _invitation(person: User) -> str:
    token = operations.create_invitation(person, by=states.actor(), at=timezone.now())
    return reverse("invitation", args=[token])


def _choose_password(client, link: str):
    return client.post(link, {"new_password1": CHOSEN, "new_password2": CHOSEN})


def _assert_refused(client, person: User) -> None:
    for path in ADDRESSES:
        for method in ("get", "post"):
            response = getattr(client, method)(path)
            assert response.status_code == 403, (method, path)
            assert "one-time link" in response.content.decode(), (method, path)
    assert not Authenticator.objects.filter(user=person).exists()


# ----------------------------------------------------------------- secrecy of links


def test_log_does_not_have_the_secret_of_a_link(client, staff_user, caplog):
    links = [_invitation(staff_user), enrolment_link(staff_user)]
    give_password(client, states.staff("another").username)
    other_client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for link in links:
        client.get(link)
        other_client.post(link)
    with connection.execute_wrapper(_fail):
        for link in links:
            assert other_client.get(link).status_code == 503

    assert caplog.text.count("/accounts/enrolment/…/") >= 3
    assert caplog.text.count("/accounts/invitation/…/") >= 3
    for link in links:
        assert link.split("/")[3] not in caplog.text


def _fail(execute, sql, params, many, context):
    message = "server closed the connection"
    raise OperationalError(message)


# ------------------------------------------------------------------- without a link


@pytest.mark.parametrize("is_required", [True, False])
def test_password_alone_sets_up_no_factor(client, staff_user, settings, is_required):
    settings.SECOND_FACTOR_REQUIRED = is_required
    give_password(client)

    _assert_refused(client, staff_user)
    page = client.get("/accounts/2fa/")
    assert page.status_code == 200
    assert "one-time link" in page.content.decode()
    assert "/2fa/totp/" not in page.content.decode()
    assert is_signed_in(client) is not is_required


def test_secret_from_elsewhere_sets_up_no_app(client, staff_user):
    """The session has a secret from a setup page opened while enrolment was allowed."""
    give_password(client)
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()

    response = client.post(APP, {"code": code()})

    assert response.status_code == 403
    assert not has_second_factor(staff_user)


def test_reauthentication_does_not_repeat_a_refused_request(client, staff_user):
    confirmed(client, staff_user, minutes_ago=60)
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()

    client.post(APP, {"code": code()})
    client.post(
        f"/accounts/reauthenticate/?next={APP}", {"password": "sample-password"}
    )

    assert not has_second_factor(staff_user)


# --------------------------------------------------------------------- with a link


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_signed_in_first", [True, False])
def test_link_and_password_set_up_the_first_factor(
    client, staff_user, is_signed_in_first
):
    if is_signed_in_first:
        give_password(client)
        assert use_enrolment_link(client, staff_user)["Location"] == "/accounts/2fa/"
    else:
        to_sign_in = use_enrolment_link(client, staff_user)["Location"]
        data = {"login": "sample.clerk", "password": "sample-password"}
        assert client.post(to_sign_in, data)["Location"] == "/accounts/2fa/"

    _set_up_app(client)

    assert has_second_factor(staff_user)
    assert is_signed_in(client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_signed_in_first", [True, False])
def test_invitation_allows_the_first_factor(client, staff_user, is_signed_in_first):
    if is_signed_in_first:
        give_password(client)
    _choose_password(client, _invitation(staff_user))

    give_password(client, password=CHOSEN)
    _set_up_app(client)

    assert has_second_factor(staff_user)
    assert is_signed_in(client)


def test_link_alone_does_not_sign_in(client, staff_user):
    use_enrolment_link(client, staff_user)

    for path in ("/admin/", "/accounts/2fa/", *ADDRESSES):
        assert client.get(path)["Location"].startswith("/accounts/login/"), path


def test_opening_a_link_does_not_use_it_up(client, staff_user):
    link = enrolment_link(staff_user)

    for method in ("get", "head", "get"):
        assert getattr(client, method)(link).status_code == 200
    give_password(client)
    _assert_refused(client, staff_user)

    assert client.post(link).status_code == 302


def test_right_ends_after_an_hour(client, staff_user, clock):
    use_enrolment_link(client, staff_user)
    give_password(client)
    assert client.get(APP).status_code == 200

    clock.shift(dt.timedelta(hours=1))

    _assert_refused(client, staff_user)


def test_right_ends_with_the_session(client, staff_user):
    use_enrolment_link(client, staff_user)
    give_password(client)
    assert client.get(APP).status_code == 200

    client.post("/accounts/logout/")
    give_password(client)

    _assert_refused(client, staff_user)


@pytest.mark.parametrize("ends_it", ["link", "invitation", "sign-out", "reset"])
def test_right_ends_before_the_page_is_sent(client, staff_user, ends_it):
    """Permission ends with a newer link, or when an administrator ends all sessions."""
    use_enrolment_link(client, staff_user)
    other_client = client.__class__()
    link_of_other_user = _invitation(states.staff("sample.other"))
    assert other_client.get(link_of_other_user).status_code == 200
    give_password(client)
    secret = _secret(client)
    {
        "link": lambda: enrolment_link(staff_user),
        "invitation": lambda: _invitation(staff_user),
        "sign-out": lambda: operations.sign_out_everywhere(
            staff_user, by=states.actor(), at=AT
        ),
        "reset": lambda: operations.reset_second_factor(
            staff_user, by=states.actor(), at=AT
        ),
    }[ends_it]()

    client.post(APP, {"code": code(secret=secret)})
    give_password(client)
    _assert_refused(client, staff_user)


def test_enrolment_right_is_bound_to_its_user(client, staff_user):
    other_user = states.staff("sample.other")
    use_enrolment_link(client, staff_user)

    give_password(client, "sample.other")

    _assert_refused(client, other_user)


def test_right_is_not_shared_with_who_knew_the_session(client, staff_user):
    """Against session fixation, the session gets a new key, before or after sign-in."""
    give_password(client)
    planted = client.__class__()
    planted.cookies["sessionid"] = client.session.session_key

    use_enrolment_link(client, staff_user)

    assert client.get(APP).status_code == 200
    assert planted.get(APP)["Location"].startswith("/accounts/login/")

    anonymous, victim = Client(), Client()
    anonymous.post("/accounts/language/", {"language": "en"})
    victim.cookies["sessionid"] = anonymous.session.session_key
    use_enrolment_link(victim, staff_user)
    give_password(anonymous)
    _assert_refused(anonymous, staff_user)


def test_link_used_in_two_sessions_is_valid_in_one(staff_user):
    link, first, second = enrolment_link(staff_user), Client(), Client()
    for client in (first, second):
        give_password(client)
        assert client.get(link).status_code == 200

    responses = [client.post(link).status_code for client in (first, second)]

    assert responses == [302, 410]
    assert first.get(APP).status_code == 200
    _assert_refused(second, staff_user)


def test_link_read_by_two_requests_is_used_by_one(staff_user):
    """Both requests read the unused link before either of them uses it."""
    enrolment_link(staff_user)
    first, second = Invitation.objects.get(), Invitation.objects.get()

    operations.use_enrolment_link(first, at=AT)

    with pytest.raises(InvalidInvitationError):
        operations.use_enrolment_link(second, at=AT)


def test_link_used_again_in_another_tab_leaves_the_right(client, staff_user):
    link = enrolment_link(staff_user)
    give_password(client)
    client.post(link)

    assert client.post(link).status_code == 410

    assert client.get(APP).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_session_that_ended_while_its_request_ran_adds_no_factor(client, staff_user):
    """The account has a second factor by then that this session never verified."""
    stale_user = User.objects.get(pk=staff_user.pk)
    use_enrolment_link(client, staff_user)
    give_password(client)
    _set_up_app(client)
    assert has_second_factor(staff_user)

    with pytest.raises(EnrolmentRefused), transaction.atomic():
        operations.lock_factors(stale_user, link=None, at=AT)


# ------------------------------------------------------------------- refused links


def _status_and_body(response) -> tuple[int, str]:
    """Return status and body without the link and the CSRF token."""
    body = response.content.decode()
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)
    return response.status_code, re.sub(
        r"/accounts/(enrolment|invitation)/[^\"]*", "", body
    )


def test_bad_links_get_the_same_response(staff_user, clock):
    other_user = states.staff("sample.other")
    for name in ("gone", "outsider", "with-app", "late", "used", "replaced"):
        states.staff(f"sample.{name}")
    of = {user.username.removeprefix("sample."): user for user in User.objects.all()}
    expired = enrolment_link(of["late"])
    clock.shift(dt.timedelta(days=3))
    links = {
        name: enrolment_link(of[name])
        for name in ("gone", "outsider", "with-app", "used", "replaced", "clerk")
    }
    for link in links.values():
        assert Client().get(link).status_code == 200
    User.objects.filter(username="sample.gone").update(is_active=False)
    User.objects.filter(username="sample.outsider").update(is_staff=False)
    with_app(of["with-app"])
    Client().post(links["used"])
    enrolment_link(of["replaced"])
    invitation = _invitation(other_user)
    other_client = Client()
    give_password(other_client, "sample.other")

    responses_by_client = {}
    for _case, client, link in (
        ("forged", Client(), "/accounts/enrolment/" + "A" * 43 + "/"),
        ("forged", other_client, "/accounts/enrolment/x/"),
        ("expired", Client(), expired),
        *((name, Client(), links[name]) for name in links if name != "clerk"),
        ("of another person", other_client, links["clerk"]),
        ("for a password", Client(), invitation.replace("invitation", "enrolment")),
        ("for a factor", Client(), links["clerk"].replace("enrolment", "invitation")),
    ):
        for method in ("get", "post"):
            response = getattr(client, method)(link)
            responses_by_client.setdefault(client is other_client, set()).add(
                _status_and_body(response)
            )

    # Pages of signed-in users have no colour scheme switch and so are grouped apart.
    for responses in responses_by_client.values():
        ((status, body),) = responses
        assert status == 410
        assert "Ask an administrator for a new link" in body
    assert Client().get(links["clerk"]).status_code == 200
    assert Client().get(invitation).status_code == 200


def test_invitation_of_another_person_changes_nothing(client, staff_user):
    other_user = states.staff("sample.other")
    give_password(client)
    link = _invitation(other_user)

    response = _choose_password(client, link)

    assert response.status_code == 410
    other_user.refresh_from_db()
    assert other_user.check_password("sample-password")
    assert Client().get(link).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_unused_link_is_invalid_after_reset_of_the_factor(client, staff_user):
    """Otherwise the unused link would work again after a later reset of the factor."""
    invitation, unused_link = _invitation(staff_user), enrolment_link(staff_user)
    _choose_password(client, invitation)
    give_password(client, password=CHOSEN)
    assert Client().get(unused_link).status_code == 200
    _set_up_app(client)

    operations.reset_second_factor(staff_user, by=states.actor(), at=AT)

    assert Client().get(unused_link).status_code == 410


def test_only_the_hash_of_a_link_is_stored(client, staff_user):
    link = enrolment_link(staff_user)
    token = link.split("/")[-2]
    client.post(link)

    stored = [*Invitation.objects.values_list(), *Session.objects.values_list()]
    assert len(token) >= 43
    assert token not in str(stored) + str(dict(client.session))


# ------------------------------------------------------------ accounts with a factor


def test_people_with_a_factor_add_others_without_a_link(client, staff_user):
    confirmed(client, with_app(staff_user))

    for path in ("/accounts/2fa/", PASSKEY, NEW_CODES, "/accounts/2fa/webauthn/"):
        assert client.get(path).status_code == 200, path
    client.post(NEW_CODES)

    assert staff_user.authenticator_set.filter(type="recovery_codes").exists()


def test_people_with_a_factor_are_asked_to_confirm_as_before(client, staff_user):
    confirmed(client, with_app(staff_user), minutes_ago=31)

    for path in (PASSKEY, NEW_CODES):
        assert client.get(path)["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.django_db(transaction=True)
def test_second_factor_added_later_ends_no_other_session(client, staff_user):
    confirmed(client, with_app(staff_user))
    other_client = confirmed(Client(), staff_user)

    client.post(NEW_CODES)

    assert is_signed_in(client)
    assert is_signed_in(other_client)


def test_people_with_a_factor_sign_in_as_before(client, staff_user):
    with_app(staff_user)

    give_password(client)
    give_code(client, code())

    assert is_signed_in(client)


# ------------------------------------------------------------------------------- URLs


def test_every_view_of_allauth_that_adds_factors_is_guarded():
    """The test finds the views itself, so it also covers views that allauth adds later.

    Views of existing factors need no guard: without a factor they return 404.
    """
    without_enrolment = {
        "AuthenticateView",
        "ReauthenticateView",
        "DeactivateTOTPView",
        "LoginWebAuthnView",
        "ReauthenticateWebAuthnView",
        "EditWebAuthnView",
        "RemoveWebAuthnView",
    }
    accounts = next(
        resolver
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == "accounts/"
    )
    views = [
        getattr(pattern.callback, "view_class", None)
        for pattern in accounts.url_patterns
    ]
    of_factors = [
        view
        for view in views
        if view
        and any(base.__module__.startswith("allauth.mfa") for base in view.mro())
    ]

    unguarded = {
        view.__name__ for view in of_factors if not issubclass(view, EnrolmentView)
    }
    assert issubclass(FactorsView, IndexView)
    assert unguarded == {*without_enrolment, "FactorsView"}
    assert len(of_factors) > len(unguarded)
