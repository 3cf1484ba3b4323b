"""The desk speaks the person's language; before sign-in that of the browser."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from tests.factories import publishing as states

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client) -> User:
    """A member of staff as the table makes one, signed in."""
    user = User.objects.create_user("sample.clerk", is_staff=True)
    client.force_login(user)
    return user


def test_desk_is_in_chinese_until_someone_chooses(client, clerk):
    response = client.get("/admin/", headers={"accept-language": "en"})

    assert response["Content-Language"] == "zh-Hans"
    assert '<html lang="zh-hans"' in response.content.decode()


def test_switch_remembers_the_language_with_the_account(client, clerk):
    answer = client.post(
        "/accounts/language/", {"language": "en", "next": "/admin/people/"}
    )

    clerk.refresh_from_db()
    assert answer["Location"] == "/admin/people/"
    assert clerk.interface_language == "en"
    page = client.get("/admin/", headers={"accept-language": "zh"})
    assert page["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("preferred", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("en-GB,zh;q=0.5", "en"),
        ("th,zh;q=0.9", "en"),
        ("", "en"),
    ],
)
def test_sign_in_speaks_the_language_of_the_browser(client, preferred, expected):
    response = client.get(
        "/admin/login/", headers={"accept-language": preferred}, follow=True
    )

    assert response["Content-Language"] == expected


def test_switch_before_sign_in_holds_for_the_session(client):
    client.post("/accounts/language/", {"language": "zh-hans"})

    response = client.get(
        "/admin/login/", headers={"accept-language": "en"}, follow=True
    )

    assert response["Content-Language"] == "zh-Hans"


@pytest.mark.parametrize("language", ["th", "", "en-GB", "zh-hant"])
def test_switch_knows_no_other_language(client, clerk, language):
    answer = client.post("/accounts/language/", {"language": language})

    clerk.refresh_from_db()
    assert answer.status_code == 400
    assert clerk.interface_language == "zh-hans"


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x"]
)
def test_switch_sends_nobody_elsewhere(client, clerk, address):
    answer = client.post("/accounts/language/", {"language": "en", "next": address})

    assert answer["Location"] == "/admin/"


def test_public_pages_do_not_follow_the_person(client, clerk):
    assert client.get("/en/contact/")["Content-Language"] == "en"


def test_account_has_no_other_language():
    states.staff()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(interface_language="th")


@pytest.mark.parametrize(
    "codes", ["vi", ["vi", "vi"], ["xx"], ["zh"], [["vi"]], {"vi": 1}]
)
def test_translator_writes_languages_of_the_portal_only(codes):
    user = User(username="sample.translator", password="!", translates=codes)

    with pytest.raises(ValidationError) as refused:
        user.full_clean()

    assert list(refused.value.message_dict) == ["translates"]


@pytest.mark.parametrize("codes", [[], ["vi"], ["th", "lo"]])
def test_translator_may_write_any_language_of_the_portal(codes):
    User(username="sample.translator", password="!", translates=codes).full_clean()
