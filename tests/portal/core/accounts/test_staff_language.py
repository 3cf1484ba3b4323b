"""Language of the staff admin: the account's, and before sign-in the browser's."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.core.accounts.models import User
from tests.factories import publishing as states

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_user(client) -> User:
    """Return a signed-in staff user with the default values of the database."""
    user = User.objects.create_user("sample.clerk", is_staff=True)
    client.force_login(user)
    return user


def test_admin_defaults_to_chinese(client, staff_user):
    response = client.get("/admin/", headers={"accept-language": "en"})

    assert response["Content-Language"] == "zh-Hans"
    assert '<html lang="zh-hans"' in response.content.decode()


def test_language_switch_saves_choice_on_account(client, staff_user):
    response = client.post(
        "/accounts/language/", {"language": "en", "next": "/admin/people/"}
    )

    staff_user.refresh_from_db()
    assert response["Location"] == "/admin/people/"
    assert staff_user.interface_language == "en"
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
def test_sign_in_page_uses_browser_language(client, preferred, expected):
    response = client.get(
        "/admin/login/", headers={"accept-language": preferred}, follow=True
    )

    assert response["Content-Language"] == expected


def test_language_switch_before_sign_in_lasts_for_session(client):
    client.post("/accounts/language/", {"language": "zh-hans"})

    response = client.get(
        "/admin/login/", headers={"accept-language": "en"}, follow=True
    )

    assert response["Content-Language"] == "zh-Hans"


@pytest.mark.parametrize("language", ["th", "", "en-GB", "zh-hant"])
def test_language_switch_rejects_unsupported_language(client, staff_user, language):
    response = client.post("/accounts/language/", {"language": language})

    staff_user.refresh_from_db()
    assert response.status_code == 400
    assert staff_user.interface_language == "zh-hans"


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x"]
)
def test_language_switch_rejects_external_redirect(client, staff_user, address):
    response = client.post("/accounts/language/", {"language": "en", "next": address})

    assert response["Location"] == "/admin/"


def test_public_pages_ignore_account_language(client, staff_user):
    assert client.get("/en/contact/")["Content-Language"] == "en"


def test_account_language_must_be_supported():
    states.staff()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(interface_language="th")


@pytest.mark.parametrize(
    "codes", ["vi", ["vi", "vi"], ["xx"], ["zh"], [["vi"]], {"vi": 1}]
)
def test_translator_languages_must_be_portal_languages(codes):
    user = User(username="sample.translator", password="!", translates=codes)

    with pytest.raises(ValidationError) as refused:
        user.full_clean()

    assert list(refused.value.message_dict) == ["translates"]


@pytest.mark.parametrize("codes", [[], ["vi"], ["th", "lo"]])
def test_translator_may_write_any_language_of_the_portal(codes):
    User(username="sample.translator", password="!", translates=codes).full_clean()


# Headings of tables, and Chinese words that mean something else: the outcome of a
# meeting, and the first day of a mechanism.
@pytest.mark.parametrize(
    ("path", "heading", "other_meaning"),
    [
        ("/accounts/", "Result", "成果"),
        ("/accounts/sessions/", "Since", "起始日期"),
    ],
)
def test_heading_has_a_translation_of_its_own(
    client, staff_user, path, heading, other_meaning
):
    chinese = client.get(path).content.decode()
    client.post("/accounts/language/", {"language": "en"})
    english = client.get(path).content.decode()

    assert f'<th scope="col">{heading}</th>' in english
    assert f'<th scope="col">{other_meaning}</th>' not in chinese
    assert '<th scope="col">' in chinese
