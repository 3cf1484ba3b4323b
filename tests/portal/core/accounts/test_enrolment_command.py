"""Command enrolment_link: creates one-time links without an administrator account."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from portal.core.accounts.models import Invitation, User
from portal.core.accounts.second_factors import has_second_factor
from portal.core.audit.models import Deed
from tests.factories import publishing as states
from tests.sign_in import code, give_password, is_signed_in, with_app

pytestmark = pytest.mark.django_db
APP = "/accounts/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-05-06T12:00:10+00:00", tick=False)
    return time_machine


def _run(*arguments: str) -> str:
    printed = io.StringIO()
    call_command("enrolment_link", *arguments, stdout=printed)
    return printed.getvalue()


def _path(printed: str) -> str:
    return re.search(r"https?://[^/\s]+(/accounts/enrolment/\S+/)", printed)[1]


@pytest.mark.django_db(transaction=True)
def test_first_superuser_gets_in_by_the_printed_link(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    chief = User.objects.create_superuser("sample.chief", password="sample-password")

    client.post(_path(_run("sample.chief")))
    give_password(client, "sample.chief")
    page = client.get(APP).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
    client.post(APP, {"code": code(secret=secret)})

    assert has_second_factor(chief)
    assert is_signed_in(client)
    (entry,) = Deed.objects.for_record(chief)
    assert (entry.verb, entry.by.username) == ("enrolment_link", "system:operator")


def test_link_printed_later_ends_the_earlier_one(client):
    states.staff()
    earlier = _path(_run("sample.clerk"))

    later = _path(_run("sample.clerk"))

    assert client.get(earlier).status_code == 410
    assert client.get(later).status_code == 200


def test_accounts_that_cannot_use_a_link_are_refused_with_a_remedy():
    with_app(states.staff("sample.with-app"))
    states.actor()
    User.objects.create_user("sample.outsider", password="sample-password")
    closed_user = states.staff("sample.gone")
    User.objects.filter(pk=closed_user.pk).update(is_active=False)
    invited = states.staff("sample.invited")
    invited.set_unusable_password()
    invited.save()

    for arguments, message in (
        (["nobody"], "no account called 'nobody'"),
        (["system:tests"], "is a system account"),
        (["sample.outsider"], "Set “active” and “staff status”"),
        (["sample.gone"], "Set “active” and “staff status”"),
        (["sample.with-app"], "run `reset_second_factor`"),
        (["sample.invited"], "changepassword"),
        ([], "Give either"),
        (["sample.clerk", "--list"], "Give either"),
    ):
        with pytest.raises(CommandError, match=re.escape(message)):
            _run(*arguments)

    assert not Invitation.objects.exists()
    assert not Deed.objects.filter(verb="enrolment_link").exists()


def test_list_names_active_staff_without_a_factor():
    """Recovery codes alone do not count as a second factor."""
    states.staff("sample.b")
    only_codes = states.staff("sample.a")
    only_codes.authenticator_set.create(type="recovery_codes", data={})
    with_app(states.staff("sample.with-app"))
    states.staff("sample.passkey").authenticator_set.create(type="webauthn", data={})
    closed_user = states.staff("sample.gone")
    User.objects.filter(pk=closed_user.pk).update(is_active=False)
    User.objects.create_user("sample.outsider")
    states.actor()

    assert _run("--list") == "sample.a\nsample.b\n"


def test_address_of_the_link_is_that_of_the_portal(settings):
    states.staff()
    hosts = ["portal.example", ".portal.example"]

    for is_production, allowed, trusted, host, expected in (
        (True, hosts, [], "", "https://portal.example"),
        (True, hosts[::-1], [], "", "https://portal.example"),
        (
            True,
            hosts,
            ["https://*.portal.example", "https://staff.portal.example:8443"],
            "",
            "https://staff.portal.example:8443",
        ),
        (True, hosts, ["https://other.example"], "", "https://portal.example"),
        (True, hosts, [], "a.portal.example", "https://a.portal.example"),
        (True, hosts, [], "http://portal.example/", "http://portal.example"),
        (False, ["localhost"], [], "", "http://localhost:8000"),
        (False, ["localhost"], [], "localhost:9000", "http://localhost:9000"),
    ):
        settings.IS_PRODUCTION = is_production
        settings.ALLOWED_HOSTS = allowed
        settings.CSRF_TRUSTED_ORIGINS = trusted
        arguments = [f"--host={host}"] if host else []
        printed = _run("sample.clerk", *arguments)
        assert f" {expected}/accounts/enrolment/" in printed, expected


def test_host_that_the_portal_does_not_answer_to_is_refused(settings):
    states.staff()
    settings.ALLOWED_HOSTS = [".portal.example"]

    for host in (
        "",
        "elsewhere.example",
        "ftp://a.portal.example",
        "a.portal.example/x",
    ):
        with pytest.raises(CommandError, match="use"):
            _run("sample.clerk", *([f"--host={host}"] if host else []))

    assert not Invitation.objects.exists()
