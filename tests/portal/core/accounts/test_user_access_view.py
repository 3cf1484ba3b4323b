"""Invitations, factor resets and forced sign-outs by a reauthenticated administrator.

Each of these actions also writes an audit entry.
"""

import datetime as dt
import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils.translation import override

from portal.core.accounts import operations
from portal.core.accounts.models import Invitation, User
from portal.core.accounts.second_factors import has_second_factor
from portal.core.audit.models import Deed
from tests.admin_forms import token_for
from tests.factories import publishing as states
from tests.sign_in import confirmed, give_password, is_signed_in, with_app

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 6, 12, tzinfo=dt.UTC)
CHOSEN = "a-long-enough-choice"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(AT, tick=False)
    return time_machine


@pytest.fixture
def chief(client) -> User:
    """Return an administrator who has just signed in with ``client``."""
    user = states.staff("sample.chief", is_superuser=True)
    confirmed(client, user)
    return user


def _access(person: User) -> str:
    return f"/admin/accounts/user/{person.pk}/access/"


def _link(client, person: User) -> str:
    page = client.post(_access(person), {"action": "invite"}).content.decode()
    return _find_link(page, "invitation")


def _find_link(page: str, kind: str) -> str:
    pattern = rf"<code>https?://testserver(/accounts/{kind}/[^<]+)"
    return re.search(pattern, page)[1]


def _choose(client, link: str, password=CHOSEN, repetition=None):
    data = {"new_password1": password, "new_password2": repetition or password}
    return client.post(link, data)


def test_colleague_is_invited_and_chooses_a_password(client, chief):
    form = "/admin/accounts/user/add/"
    facts = {"username": "sample.new", "email": "", "interface_language": "en"}
    response = client.post(form, token_for(client, form) | facts)
    person = User.objects.get(username="sample.new")
    link = _link(client, person)
    other_client = client.__class__()

    _choose(other_client, link)

    assert response["Location"] == _access(person)
    assert person.is_staff
    assert not person.has_usable_password()
    give_password(other_client, "sample.new", CHOSEN)
    assert is_signed_in(other_client)
    actions = [
        (entry.verb, entry.by.username) for entry in Deed.objects.for_record(person)
    ]
    assert sorted(actions) == [
        ("changed", "sample.new"),
        ("created", "sample.chief"),
        ("invited", "sample.chief"),
    ]


def test_link_works_once(client, chief):
    link = _link(client, states.staff())
    other_client = client.__class__()
    _choose(other_client, link)

    second_response = _choose(other_client, link, "another-long-choice")

    assert second_response.status_code == 410
    give_password(client.__class__(), "sample.clerk", CHOSEN)
    assert User.objects.get(username="sample.clerk").check_password(CHOSEN)


def test_link_expires_after_three_days(client, chief, clock):
    link = _link(client, states.staff())

    other_client = client.__class__()
    assert other_client.get(link).status_code == 200
    clock.shift(dt.timedelta(days=3))

    assert other_client.get(link).status_code == 410
    assert _choose(other_client, link).status_code == 410


def test_newer_link_ends_the_older_one(client, chief):
    person = states.staff()
    older = _link(client, person)

    newer = _link(client, person)

    other_client = client.__class__()
    assert other_client.get(older).status_code == 410
    assert other_client.get(newer).status_code == 200


def test_invitation_link_of_deactivated_account_is_rejected(client, chief):
    person = states.staff()
    link = _link(client, person)

    User.objects.filter(pk=person.pk).update(is_active=False)

    assert client.__class__().get(link).status_code == 410


@pytest.mark.parametrize(
    ("password", "repetition"),
    [
        ("eleven-char", None),
        ("123456789012345", None),
        ("sample.clerk", None),
        (CHOSEN, "something-else-again"),
    ],
)
def test_bad_password_is_not_set(client, chief, password, repetition):
    person = states.staff()
    link = _link(client, person)

    other_client = client.__class__()
    response = _choose(other_client, link, password, repetition)

    assert response.status_code == 200
    assert response.context["form"].errors
    person.refresh_from_db()
    assert person.check_password("sample-password")
    assert other_client.get(link).status_code == 200


def test_invitation_link_is_not_stored(client, chief):
    link = _link(client, states.staff())
    token = link.split("/")[-2]

    (digest,) = Invitation.objects.values_list("digest", flat=True)
    assert token not in digest
    assert token not in str(dict(client.session)) + str(client.cookies)
    assert token not in str(list(Deed.objects.values_list("note", "changes")))


def test_invitation_link_is_mailed_when_email_is_configured(client, chief, settings):
    settings.EMAIL_URL = "smtp://mail.example"
    person = states.staff()
    User.objects.filter(pk=person.pk).update(email="clerk@example.org")

    link = _link(client, person)

    (letter,) = mail.outbox
    assert letter.to == ["clerk@example.org"]
    assert link in letter.body


def test_invitation_is_not_mailed_without_email_configuration(client, chief):
    person = states.staff()
    User.objects.filter(pk=person.pk).update(email="clerk@example.org")

    _link(client, person)

    assert mail.outbox == []


@pytest.mark.parametrize("who", ["actor", "outsider", "gone"])
def test_account_that_cannot_sign_in_is_not_invited(who, chief):
    person = {
        "actor": states.actor,
        "outsider": lambda: User.objects.create_user("sample.outsider"),
        "gone": lambda: User.objects.create_user(
            "sample.gone", is_staff=True, is_active=False
        ),
    }[who]()

    with pytest.raises(ValidationError):
        operations.create_invitation(person, by=chief, at=AT)


def test_administrator_removes_lost_second_factor(client, chief):
    person = with_app(states.staff())

    page = client.post(_access(person), {"action": "reset"}).content.decode()

    assert not has_second_factor(person)
    entries = Deed.objects.for_record(person).order_by("position")
    assert [(entry.verb, entry.by) for entry in entries] == [
        ("reset", chief),
        ("enrolment_link", chief),
    ]
    other_client = client.__class__()
    assert other_client.get(_find_link(page, "enrolment")).status_code == 200


def test_administrator_makes_a_link_for_a_first_factor(client, chief, settings):
    settings.EMAIL_URL = "smtp://mail.example"
    person = states.staff()
    User.objects.filter(pk=person.pk).update(email="clerk@example.org")

    page = client.post(_access(person), {"action": "enrol"}).content.decode()

    link = _find_link(page, "enrolment")
    assert client.__class__().get(link).status_code == 200
    (letter,) = mail.outbox
    assert link in letter.body
    assert "Set up two-factor authentication" in letter.body
    token = link.split("/")[-2]
    assert token not in str(Invitation.objects.values_list())
    assert token not in str(dict(client.session)) + str(client.cookies)
    (entry,) = Deed.objects.for_record(person)
    assert (entry.verb, entry.by) == ("enrolment_link", chief)
    assert token not in str(entry.__dict__)


def test_no_link_is_made_for_an_account_that_cannot_use_it(client, chief):
    """Accounts with a factor or without a password, inactive and system accounts."""
    invited = states.staff("sample.invited")
    invited.set_unusable_password()
    invited.save()
    closed_user = states.staff("sample.gone")
    User.objects.filter(pk=closed_user.pk).update(is_active=False)

    for person in (with_app(states.staff()), invited, closed_user, states.actor()):
        page = client.post(_access(person), {"action": "enrol"}).content.decode()
        assert "/accounts/enrolment/" not in page, person
        assert 'class="error"' in page, person

    assert not Invitation.objects.exists()


def test_administrator_ends_sessions_of_user(client, chief):
    person = states.staff()
    theirs = client.__class__()
    give_password(theirs)

    client.post(_access(person), {"action": "sign-out"})

    assert not is_signed_in(theirs)
    assert is_signed_in(client)
    (entry,) = Deed.objects.for_record(person)
    assert (entry.verb, entry.by) == ("signed_out", chief)


@pytest.mark.parametrize("act", ["invite", "enrol", "reset", "sign-out", "anything"])
def test_access_page_requires_change_user_permission(client, act):
    person = with_app(states.staff("sample.other"))
    confirmed(client, states.staff())

    responses = [
        client.get(_access(person)),
        client.post(_access(person), {"action": act}),
    ]

    assert [response.status_code for response in responses] == [403, 403]
    assert has_second_factor(person)
    assert not Deed.objects.exists()


def test_short_password_error_uses_interface_language():
    with override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password("a-short-1")

    assert refused.value.messages == ["密码长度太短。密码必须包含至少 12 个字符。"]
