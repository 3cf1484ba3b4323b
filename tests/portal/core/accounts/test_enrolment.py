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
def clerk() -> User:
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
            answer = getattr(client, method)(path)
            assert answer.status_code == 403, (method, path)
            assert "one-time link" in answer.content.decode(), (method, path)
    assert not Authenticator.objects.filter(user=person).exists()


# ----------------------------------------------------------------- secrecy of links


def test_log_does_not_have_the_secret_of_a_link(client, clerk, caplog):
    links = [_invitation(clerk), enrolment_link(clerk)]
    give_password(client, states.staff("another").username)
    stranger = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for link in links:
        client.get(link)
        stranger.post(link)
    with connection.execute_wrapper(_fail):
        for link in links:
            assert stranger.get(link).status_code == 503

    assert caplog.text.count("/accounts/enrolment/…/") >= 3
    assert caplog.text.count("/accounts/invitation/…/") >= 3
    for link in links:
        assert link.split("/")[3] not in caplog.text


def _fail(execute, sql, params, many, context):
    message = "server closed the connection"
    raise OperationalError(message)


# ------------------------------------------------------------------- without a link


@pytest.mark.parametrize("is_required", [True, False])
def test_password_alone_sets_up_no_factor(client, clerk, settings, is_required):
    settings.SECOND_FACTOR_REQUIRED = is_required
    give_password(client)

    _assert_refused(client, clerk)
    page = client.get("/accounts/2fa/")
    assert page.status_code == 200
    assert "one-time link" in page.content.decode()
    assert "/2fa/totp/" not in page.content.decode()
    assert is_signed_in(client) is not is_required


def test_secret_from_elsewhere_sets_up_no_app(client, clerk):
    """The session has a secret from a setup page opened while enrolment was allowed."""
    give_password(client)
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()

    answer = client.post(APP, {"code": code()})

    assert answer.status_code == 403
    assert not has_second_factor(clerk)


def test_reauthentication_does_not_repeat_a_refused_request(client, clerk):
    confirmed(client, clerk, minutes_ago=60)
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()

    client.post(APP, {"code": code()})
    client.post(
        f"/accounts/reauthenticate/?next={APP}", {"password": "sample-password"}
    )

    assert not has_second_factor(clerk)


# --------------------------------------------------------------------- with a link


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_signed_in_first", [True, False])
def test_link_and_password_set_up_the_first_factor(client, clerk, is_signed_in_first):
    if is_signed_in_first:
        give_password(client)
        assert use_enrolment_link(client, clerk)["Location"] == "/accounts/2fa/"
    else:
        to_sign_in = use_enrolment_link(client, clerk)["Location"]
        data = {"login": "sample.clerk", "password": "sample-password"}
        assert client.post(to_sign_in, data)["Location"] == "/accounts/2fa/"

    _set_up_app(client)

    assert has_second_factor(clerk)
    assert is_signed_in(client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_signed_in_first", [True, False])
def test_invitation_allows_the_first_factor(client, clerk, is_signed_in_first):
    if is_signed_in_first:
        give_password(client)
    _choose_password(client, _invitation(clerk))

    give_password(client, password=CHOSEN)
    _set_up_app(client)

    assert has_second_factor(clerk)
    assert is_signed_in(client)


def test_link_alone_signs_nobody_in(client, clerk):
    use_enrolment_link(client, clerk)

    for path in ("/admin/", "/accounts/2fa/", *ADDRESSES):
        assert client.get(path)["Location"].startswith("/accounts/login/"), path


def test_opening_a_link_does_not_use_it_up(client, clerk):
    link = enrolment_link(clerk)

    for method in ("get", "head", "get"):
        assert getattr(client, method)(link).status_code == 200
    give_password(client)
    _assert_refused(client, clerk)

    assert client.post(link).status_code == 302


def test_right_ends_after_an_hour(client, clerk, clock):
    use_enrolment_link(client, clerk)
    give_password(client)
    assert client.get(APP).status_code == 200

    clock.shift(dt.timedelta(hours=1))

    _assert_refused(client, clerk)


def test_right_ends_with_the_session(client, clerk):
    use_enrolment_link(client, clerk)
    give_password(client)
    assert client.get(APP).status_code == 200

    client.post("/accounts/logout/")
    give_password(client)

    _assert_refused(client, clerk)


@pytest.mark.parametrize("ends_it", ["link", "invitation", "sign-out", "reset"])
def test_right_ends_before_the_page_is_sent(client, clerk, ends_it):
    """Permission ends with a newer link, or when an administrator ends all sessions."""
    use_enrolment_link(client, clerk)
    other = client.__class__()
    use_link_of_other = _invitation(states.staff("sample.other"))
    assert other.get(use_link_of_other).status_code == 200
    give_password(client)
    secret = _secret(client)
    {
        "link": lambda: enrolment_link(clerk),
        "invitation": lambda: _invitation(clerk),
        "sign-out": lambda: operations.sign_out_everywhere(
            clerk, by=states.actor(), at=AT
        ),
        "reset": lambda: operations.reset_second_factor(
            clerk, by=states.actor(), at=AT
        ),
    }[ends_it]()

    client.post(APP, {"code": code(secret=secret)})
    give_password(client)
    _assert_refused(client, clerk)


def test_right_is_of_one_person_only(client, clerk):
    other = states.staff("sample.other")
    use_enrolment_link(client, clerk)

    give_password(client, "sample.other")

    _assert_refused(client, other)


def test_right_is_not_shared_with_who_knew_the_session(client, clerk):
    """Against session fixation, the session gets a new key, before or after sign-in."""
    give_password(client)
    planted = client.__class__()
    planted.cookies["sessionid"] = client.session.session_key

    use_enrolment_link(client, clerk)

    assert client.get(APP).status_code == 200
    assert planted.get(APP)["Location"].startswith("/accounts/login/")

    anonymous, victim = Client(), Client()
    anonymous.post("/accounts/language/", {"language": "en"})
    victim.cookies["sessionid"] = anonymous.session.session_key
    use_enrolment_link(victim, clerk)
    give_password(anonymous)
    _assert_refused(anonymous, clerk)


def test_link_used_in_two_sessions_is_good_in_one(clerk):
    link, first, second = enrolment_link(clerk), Client(), Client()
    for client in (first, second):
        give_password(client)
        assert client.get(link).status_code == 200

    answers = [client.post(link).status_code for client in (first, second)]

    assert answers == [302, 410]
    assert first.get(APP).status_code == 200
    _assert_refused(second, clerk)


def test_link_read_by_two_requests_is_used_by_one(clerk):
    """Both requests read the unused link before either of them uses it."""
    enrolment_link(clerk)
    first, second = Invitation.objects.get(), Invitation.objects.get()

    operations.use_enrolment_link(first, at=AT)

    with pytest.raises(InvalidInvitationError):
        operations.use_enrolment_link(second, at=AT)


def test_link_used_again_in_another_tab_leaves_the_right(client, clerk):
    link = enrolment_link(clerk)
    give_password(client)
    client.post(link)

    assert client.post(link).status_code == 410

    assert client.get(APP).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_session_that_ended_while_its_request_ran_adds_no_factor(client, clerk):
    """The account has a second factor by then that this session never verified."""
    as_read_by_the_request = User.objects.get(pk=clerk.pk)
    use_enrolment_link(client, clerk)
    give_password(client)
    _set_up_app(client)
    assert has_second_factor(clerk)

    with pytest.raises(EnrolmentRefused), transaction.atomic():
        operations.lock_factors(as_read_by_the_request, link=None, at=AT)


# ------------------------------------------------------------------- refused links


def _seen(answer) -> tuple[int, str]:
    """Return status and body without the link and the CSRF token."""
    body = answer.content.decode()
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)
    return answer.status_code, re.sub(
        r"/accounts/(enrolment|invitation)/[^\"]*", "", body
    )


def test_bad_links_are_refused_alike(clerk, clock):
    other = states.staff("sample.other")
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
    invitation = _invitation(other)
    as_other = Client()
    give_password(as_other, "sample.other")

    seen = {}
    for _case, client, link in (
        ("forged", Client(), "/accounts/enrolment/" + "A" * 43 + "/"),
        ("forged", as_other, "/accounts/enrolment/x/"),
        ("expired", Client(), expired),
        *((name, Client(), links[name]) for name in links if name != "clerk"),
        ("of another person", as_other, links["clerk"]),
        ("for a password", Client(), invitation.replace("invitation", "enrolment")),
        ("for a factor", Client(), links["clerk"].replace("enrolment", "invitation")),
    ):
        for method in ("get", "post"):
            answer = getattr(client, method)(link)
            seen.setdefault(client is as_other, set()).add(_seen(answer))

    # Pages of signed-in users have no colour scheme switch and so are grouped apart.
    for answers in seen.values():
        ((status, body),) = answers
        assert status == 410
        assert "Ask an administrator for a new link" in body
    assert Client().get(links["clerk"]).status_code == 200
    assert Client().get(invitation).status_code == 200


def test_invitation_of_another_person_changes_nothing(client, clerk):
    other = states.staff("sample.other")
    give_password(client)
    link = _invitation(other)

    answer = _choose_password(client, link)

    assert answer.status_code == 410
    other.refresh_from_db()
    assert other.check_password("sample-password")
    assert Client().get(link).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_link_left_over_does_not_outlast_the_factor(client, clerk):
    """Otherwise the unused link would work again after a later reset of the factor."""
    invitation, left_over = _invitation(clerk), enrolment_link(clerk)
    _choose_password(client, invitation)
    give_password(client, password=CHOSEN)
    assert Client().get(left_over).status_code == 200
    _set_up_app(client)

    operations.reset_second_factor(clerk, by=states.actor(), at=AT)

    assert Client().get(left_over).status_code == 410


def test_only_the_hash_of_a_link_is_stored(client, clerk):
    link = enrolment_link(clerk)
    token = link.split("/")[-2]
    client.post(link)

    stored = [*Invitation.objects.values_list(), *Session.objects.values_list()]
    assert len(token) >= 43
    assert token not in str(stored) + str(dict(client.session))


# ------------------------------------------------------------ accounts with a factor


def test_people_with_a_factor_add_others_without_a_link(client, clerk):
    confirmed(client, with_app(clerk))

    for path in ("/accounts/2fa/", PASSKEY, NEW_CODES, "/accounts/2fa/webauthn/"):
        assert client.get(path).status_code == 200, path
    client.post(NEW_CODES)

    assert clerk.authenticator_set.filter(type="recovery_codes").exists()


def test_people_with_a_factor_are_asked_to_confirm_as_before(client, clerk):
    confirmed(client, with_app(clerk), minutes_ago=31)

    for path in (PASSKEY, NEW_CODES):
        assert client.get(path)["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.django_db(transaction=True)
def test_second_factor_added_later_ends_no_other_session(client, clerk):
    confirmed(client, with_app(clerk))
    other = confirmed(Client(), clerk)

    client.post(NEW_CODES)

    assert is_signed_in(client)
    assert is_signed_in(other)


def test_people_with_a_factor_sign_in_as_before(client, clerk):
    with_app(clerk)

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
    views = [getattr(one.callback, "view_class", None) for one in accounts.url_patterns]
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
