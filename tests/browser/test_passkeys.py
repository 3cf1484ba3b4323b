"""A passkey in a real browser, kept by an authenticator that Chromium plays."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from portal.accounts.models import SignIn
from tests.factories import publishing as states
from tests.signing_in import enrolment_link

pytestmark = pytest.mark.browser

# Inside of the device, with a person in front of it whom it knows.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def clerk(transactional_db):
    return states.staff()


@pytest.fixture
def authenticator(page: Page) -> Iterator[dict]:
    """The authenticator of this browser; its number, and the way to speak to it."""
    speaks = page.context.new_cdp_session(page)
    speaks.send("WebAuthn.enable")
    made = speaks.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield {"id": made["authenticatorId"], "session": speaks}
    speaks.detach()


def _here(live_server, path: str) -> str:
    """Passkeys belong to a name of a host; an address of numbers has none."""
    return re.sub(r"//[^:/]+", "//localhost", live_server.url) + path


def _sign_in(page: Page, live_server) -> None:
    page.goto(_here(live_server, "/accounts/login/"))
    page.locator("#id_login").fill("sample.clerk")
    page.locator("#id_password").fill("sample-password")
    page.locator("#login-form [type=submit]").click()


def _open_link(page: Page, live_server, clerk) -> None:
    page.goto(_here(live_server, enrolment_link(clerk)))
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


def test_passkey_is_the_second_factor(
    page, live_server, clerk, authenticator, required
):
    _open_link(page, live_server, clerk)
    _sign_in(page, live_server)
    expect(page).to_have_url(re.compile("/accounts/2fa/$"))
    _add(page, live_server, alone=False)
    page.goto(_here(live_server, "/admin/"))
    _sign_out(page)

    _sign_in(page, live_server)
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/$"))
    page.locator("#passkey_second").click()

    expect(page.locator("#user-tools")).to_be_visible()
    last = SignIn.objects.filter(user=clerk).first()
    assert (last.outcome, last.factor) == ("passed", "webauthn")


def test_passkey_alone_opens_the_desk(page, live_server, clerk, authenticator):
    _open_link(page, live_server, clerk)
    _sign_in(page, live_server)
    expect(page.locator("#user-tools")).to_be_visible()
    _add(page, live_server, alone=True)
    page.goto(_here(live_server, "/admin/"))
    _sign_out(page)

    page.goto(_here(live_server, "/accounts/login/"))
    page.locator("#passkey_login").click()

    expect(page.locator("#user-tools")).to_be_visible()
    (kept,) = Authenticator.objects.filter(user=clerk, type="webauthn")
    assert kept.last_used_at is not None


def test_passkey_that_the_device_refuses_is_told(
    page, live_server, clerk, authenticator
):
    _open_link(page, live_server, clerk)
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
