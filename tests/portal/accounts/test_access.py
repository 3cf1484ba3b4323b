"""Inviting colleagues, mending their way in, and shutting it: by who has just shown
who they are, and told in the history."""

import datetime as dt
import re
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse

from portal.accounts import operations
from portal.accounts.factors import has_second_factor
from portal.accounts.models import Invitation, User
from portal.history.models import Deed
from tests.factories import publishing as states
from tests.signing_in import confirmed, give_password, is_signed_in, with_app

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 6, 12, tzinfo=dt.UTC)
CHOSEN = "a-long-enough-choice"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(AT, tick=False)
    return time_machine


@pytest.fixture
def chief(client) -> User:
    """An administrator who has just signed in with ``client``."""
    user = states.staff("sample.chief", is_superuser=True)
    confirmed(client, user)
    return user


def _access(person: User) -> str:
    return f"/admin/accounts/user/{person.pk}/access/"


def _link(client, person: User) -> str:
    page = client.post(_access(person), {"act": "invite"}).content.decode()
    return re.search(r"<code>https?://testserver(/accounts/invitation/[^<]+)", page)[1]


def _choose(client, link: str, password=CHOSEN, again=None):
    data = {"new_password1": password, "new_password2": again or password}
    return client.post(link, data)


def test_colleague_is_invited_and_chooses_a_password(client, chief):
    answer = client.post(
        "/admin/accounts/user/add/",
        {"username": "sample.new", "email": "", "interface_language": "en"},
    )
    person = User.objects.get(username="sample.new")
    link = _link(client, person)
    other = client.__class__()

    _choose(other, link)

    assert answer["Location"] == _access(person)
    assert person.is_staff
    assert not person.has_usable_password()
    give_password(other, "sample.new", CHOSEN)
    assert is_signed_in(other)
    told = [(deed.verb, deed.by.username) for deed in Deed.objects.about(person)]
    assert sorted(told) == [
        ("changed", "sample.new"),
        ("created", "sample.chief"),
        ("invited", "sample.chief"),
    ]


def test_link_works_once(client, chief):
    link = _link(client, states.staff())
    _choose(client, link)

    again = _choose(client, link, "another-long-choice")

    assert again.status_code == 410
    give_password(client.__class__(), "sample.clerk", CHOSEN)
    assert User.objects.get(username="sample.clerk").check_password(CHOSEN)


def test_link_expires_after_three_days(client, chief, clock):
    link = _link(client, states.staff())

    clock.shift(dt.timedelta(days=3))

    assert client.get(link).status_code == 410
    assert _choose(client, link).status_code == 410


def test_newer_link_ends_the_older_one(client, chief):
    person = states.staff()
    older = _link(client, person)

    newer = _link(client, person)

    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_link_of_a_closed_account_is_no_good(client, chief):
    person = states.staff()
    link = _link(client, person)

    User.objects.filter(pk=person.pk).update(is_active=False)

    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("password", "again"),
    [
        ("eleven-char", None),
        ("123456789012345", None),
        ("sample.clerk", None),
        (CHOSEN, "something-else-again"),
    ],
)
def test_bad_password_is_not_set(client, chief, password, again):
    person = states.staff()
    link = _link(client, person)

    answer = _choose(client, link, password, again)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    person.refresh_from_db()
    assert person.check_password("sample-password")
    assert client.get(link).status_code == 200


def test_link_is_kept_nowhere(client, chief):
    link = _link(client, states.staff())
    token = link.split("/")[-2]

    (kept,) = Invitation.objects.values_list("digest", flat=True)
    assert token not in kept
    assert token not in str(dict(client.session)) + str(client.cookies)
    assert token not in str(list(Deed.objects.values_list("note", "changes")))


def test_link_is_mailed_where_mail_is_set_up(client, chief, settings):
    settings.EMAIL_URL = "smtp://mail.example"
    person = states.staff()
    User.objects.filter(pk=person.pk).update(email="clerk@example.org")

    link = _link(client, person)

    (letter,) = mail.outbox
    assert letter.to == ["clerk@example.org"]
    assert link in letter.body


def test_nothing_is_mailed_where_it_is_not(client, chief):
    person = states.staff()
    User.objects.filter(pk=person.pk).update(email="clerk@example.org")

    _link(client, person)

    assert mail.outbox == []


@pytest.mark.parametrize("who", ["actor", "outsider", "gone"])
def test_nobody_is_invited_who_cannot_sign_in(who, chief):
    person = {
        "actor": states.actor,
        "outsider": lambda: User.objects.create_user("sample.outsider"),
        "gone": lambda: User.objects.create_user(
            "sample.gone", is_staff=True, is_active=False
        ),
    }[who]()

    with pytest.raises(ValidationError):
        operations.invite(person, by=chief, at=AT)


def test_administrator_takes_a_lost_factor_away(client, chief):
    person = with_app(states.staff())

    client.post(_access(person), {"act": "reset"})

    assert not has_second_factor(person)
    (deed,) = Deed.objects.about(person)
    assert (deed.verb, deed.by) == ("reset", chief)


def test_administrator_signs_somebody_out(client, chief):
    person = states.staff()
    theirs = client.__class__()
    give_password(theirs)

    client.post(_access(person), {"act": "sign-out"})

    assert not is_signed_in(theirs)
    assert is_signed_in(client)
    (deed,) = Deed.objects.about(person)
    assert (deed.verb, deed.by) == ("signed_out", chief)


@pytest.mark.parametrize("act", ["invite", "reset", "sign-out", "anything"])
def test_access_is_for_those_who_may_change_people(client, act):
    person = with_app(states.staff("sample.other"))
    confirmed(client, states.staff())

    answers = [client.get(_access(person)), client.post(_access(person), {"act": act})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert has_second_factor(person)
    assert not Deed.objects.exists()


# ------------------------------------------------------------ re-authentication


@pytest.fixture
def settled(client) -> User:
    """An administrator who signed in a while ago."""
    user = states.staff("sample.chief", is_superuser=True)
    confirmed(client, user, minutes_ago=11)
    return user


def _sensitive(person: User) -> list[str]:
    role = Group.objects.create(name="Sample role")
    return [
        _access(person),
        "/admin/accounts/user/add/",
        f"/admin/accounts/user/{person.pk}/change/",
        f"/admin/accounts/user/{person.pk}/delete/",
        "/admin/auth/group/add/",
        f"/admin/auth/group/{role.pk}/change/",
        "/admin/accounts/agency/add/",
        "/admin/accounts/agencykey/add/",
    ]


def test_what_is_worth_much_asks_who_it_is(client, settled):
    for address in _sensitive(states.staff()):
        answer = client.get(address)

        asked = f"/accounts/reauthenticate/?next={quote(address, safe='')}"
        assert answer["Location"] == asked


def test_lists_ask_nobody(client, settled):
    for model in ("accounts/user", "auth/group", "accounts/agencykey"):
        assert client.get(f"/admin/{model}/").status_code == 200


def test_password_opens_them_for_ten_minutes(client, settled, clock):
    address = f"/admin/accounts/user/{settled.pk}/change/"
    asked = client.get(address)["Location"]

    back = client.post(asked, {"password": "sample-password"})

    assert back["Location"] == address
    assert client.get(address).status_code == 200
    clock.shift(10 * 60 + 1)
    assert client.get(address).status_code == 302


def test_wrong_password_opens_nothing(client, settled):
    address = f"/admin/accounts/user/{settled.pk}/change/"

    answer = client.post(client.get(address)["Location"], {"password": "wrong"})

    assert answer.status_code == 200
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(("minutes", "is_saved"), [(29, True), (31, False)])
def test_form_may_be_sent_a_little_later(client, minutes, is_saved):
    confirmed(
        client, states.staff("sample.chief", is_superuser=True), minutes_ago=minutes
    )

    client.post("/admin/auth/group/add/", {"name": "Sample role"})

    assert Group.objects.exists() is is_saved


def test_session_of_somebody_else_does_not_count(client):
    confirmed(client, states.staff("sample.other"))
    session = client.session
    client.force_login(states.staff("sample.chief", is_superuser=True))
    records = dict(session.items())
    mine = client.session
    mine.update({key: records[key] for key in records if key.startswith("account_")})
    mine.save()

    assert client.get("/admin/accounts/user/add/").status_code == 302


# ------------------------------------------------------------------ roles


def _form(person: User, **values) -> dict:
    told = {
        "username": person.username,
        "interface_language": "en",
        "is_active": "on",
        "is_staff": "on",
        "translates": [],
    }
    return {**told, **values}


def test_other_role_ends_the_sessions_of_the_person(client, chief):
    person, role = states.staff(), Group.objects.create(name="Sample role")
    theirs = client.__class__()
    give_password(theirs)

    client.post(
        f"/admin/accounts/user/{person.pk}/change/", _form(person, groups=[role.pk])
    )

    assert list(person.groups.all()) == [role]
    assert not is_signed_in(theirs)
    (deed,) = Deed.objects.about(person)
    assert (deed.verb, deed.by) == ("changed", chief)
    assert [change["field"] for change in deed.changes] == ["groups"]


def test_other_name_ends_no_session(client, chief):
    person = states.staff()
    theirs = client.__class__()
    give_password(theirs)

    client.post(
        f"/admin/accounts/user/{person.pk}/change/", _form(person, first_name="Mei")
    )

    person.refresh_from_db()
    assert person.first_name == "Mei"
    assert is_signed_in(theirs)


def test_own_role_keeps_the_session_that_gave_it(client, chief):
    role = Group.objects.create(name="Sample role")

    client.post(
        f"/admin/accounts/user/{chief.pk}/change/",
        _form(chief, groups=[role.pk], is_superuser="on"),
    )

    assert list(chief.groups.all()) == [role]
    assert is_signed_in(client)


def test_who_is_no_superuser_makes_none(client):
    may = Permission.objects.filter(
        codename__in=["change_user", "view_user"], content_type__app_label="accounts"
    )
    clerk = states.staff(permissions=may)
    confirmed(client, clerk)

    client.post(
        f"/admin/accounts/user/{clerk.pk}/change/",
        _form(clerk, is_superuser="on", first_name="Mei"),
    )

    clerk.refresh_from_db()
    assert clerk.first_name == "Mei"
    assert not clerk.is_superuser


def test_who_is_no_superuser_does_not_touch_one(client):
    may = Permission.objects.filter(content_type__model="user")
    confirmed(client, states.staff(permissions=may))
    chief = with_app(states.staff("sample.chief", is_superuser=True))

    answers = [
        client.post(_access(chief), {"act": "reset"}),
        client.post(f"/admin/accounts/user/{chief.pk}/change/", _form(chief)),
        client.post(f"/admin/accounts/user/{chief.pk}/delete/", {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert has_second_factor(chief)


def test_nobody_sets_the_password_of_another_person(client, chief):
    person = states.staff()

    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[person.pk])
    page = client.get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
    assert 'name="password' not in page
