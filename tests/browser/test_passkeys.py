"""Passkeys in a real browser, with Chromium's virtual authenticator."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from portal.core.accounts.models import SignIn
from tests.factories import publishing as states
from tests.sign_in import enrolment_link

pytestmark = pytest.mark.browser

# A device's built-in authenticator, with a user who is present and verified.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def user(transactional_db):
    return states.staff()


@pytest.fixture
def authenticator(page: Page) -> Iterator[dict]:
    """Return the id of a virtual authenticator and the CDP session that controls it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield {"id": added["authenticatorId"], "session": session}
    session.detach()


def _here(live_server, path: str) -> str:
    """Return the URL of ``path`` on localhost: passkeys need a host name, not an IP."""
    return re.sub(r"//[^:/]+", "//localhost", live_server.url) + path


def _sign_in(page: Page, live_server) -> None:
    page.goto(_here(live_server, "/accounts/login/"))
    page.locator("#id_login").fill("sample.clerk")
    page.locator("#id_password").fill("sample-password")
    page.locator("#login-form [type=submit]").click()


def _open_link(page: Page, live_server, user) -> None:
    page.goto(_here(live_server, enrolment_link(user)))
    # The second click must not use the link again.
    page.locator("#login-form [type=submit]").dblclick()
    expect(page).to_have_url(re.compile("/accounts/login/"))


def _add(page: Page, live_server, *, alone: bool) -> None:
    page.goto(_here(live_server, "/accounts/2fa/webauthn/add/"))
    page.locator("#id_name").fill("Sample laptop")
    if alone:
        page.locator("#id_passwordless").check()
    page.locator("#passkey_add").click()
    expect(page).to_have_url(re.compile("/accounts/2fa/recovery-codes/$"))


def _sign_out(page: Page) -> None:
    page.locator("#logout-form button").click()
    page.context.clear_cookies()


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def test_passkey_works_as_second_factor(
    page, live_server, user, authenticator, required
):
    _open_link(page, live_server, user)
    _sign_in(page, live_server)
    expect(page).to_have_url(re.compile("/accounts/2fa/$"))
    _add(page, live_server, alone=False)
    page.goto(_here(live_server, "/admin/"))
    _sign_out(page)

    _sign_in(page, live_server)
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/$"))
    page.locator("#passkey_second").click()

    expect(page.locator("#user-tools")).to_be_visible()
    last = SignIn.objects.filter(user=user).first()
    assert (last.outcome, last.factor) == ("passed", "webauthn")


def test_passkey_alone_signs_in_to_admin(page, live_server, user, authenticator):
    _open_link(page, live_server, user)
    _sign_in(page, live_server)
    expect(page.locator("#user-tools")).to_be_visible()
    _add(page, live_server, alone=True)
    page.goto(_here(live_server, "/admin/"))
    _sign_out(page)

    page.goto(_here(live_server, "/accounts/login/"))
    page.locator("#passkey_login").click()

    expect(page.locator("#user-tools")).to_be_visible()
    (passkey,) = Authenticator.objects.filter(user=user, type="webauthn")
    assert passkey.last_used_at is not None


def test_passkey_refused_by_device_shows_error(page, live_server, user, authenticator):
    _open_link(page, live_server, user)
    _sign_in(page, live_server)
    expect(page.locator("#user-tools")).to_be_visible()
    _add(page, live_server, alone=True)
    page.goto(_here(live_server, "/admin/"))
    _sign_out(page)
    authenticator["session"].send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": authenticator["id"], "isUserVerified": False},
    )

    page.goto(_here(live_server, "/accounts/login/"))
    page.locator("#passkey_login").click()

    expect(page.locator("[data-passkey-problem]")).to_be_visible()
    expect(page).to_have_url(re.compile("/accounts/login/$"))
