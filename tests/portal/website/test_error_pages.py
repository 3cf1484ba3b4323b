"""Pages for the errors 400, 403, 404, 410 and 500, in the reader's language."""

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection
from django.test import Client, RequestFactory

from portal.website.views import errors
from tests.factories.conference import article
from tests.factories.publishing import staff, withdrawn

pytestmark = pytest.mark.django_db
TAGS = {"en": "en", "zh-hans": "zh-Hans", "vi": "vi", "fil": "fil"}


@pytest.mark.parametrize("language", TAGS)
@pytest.mark.parametrize(
    ("path", "status"),
    [("none/", 404), ("news/gone/", 410), ("news/%00/", 400)],
)
def test_error_page_uses_url_language(client, language, path, status):
    withdrawn(article("gone"))

    response = client.get(f"/{language}/{path}")

    html = response.content.decode()
    assert response.status_code == status
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Content-Language"] == TAGS[language]
    assert f'<html lang="{TAGS[language]}">' in html
    assert f'<p class="error__code" aria-hidden="true">{status}</p>' in html
    assert '<meta name="robots" content="noindex">' in html
    assert f'href="/{language}/"' in html


def test_error_page_without_language_prefix_uses_browser_language(client):
    response = client.get("/none", headers={"accept-language": "vi"})

    assert response.status_code == 404
    assert '<html lang="vi">' in response.content.decode()


def test_404_page_does_not_echo_url(client):
    html = client.get("/en/<script>alert(1)</script>/").content.decode()

    assert "alert(1)</script>" not in html


def test_unknown_host_gets_one_line_response():
    response = Client().get("/en/", headers={"host": "evil.example"})

    assert (response.status_code, response.content) == (400, b"Unknown host.\n")


def test_server_error_page_hides_cause(rf: RequestFactory):
    page = errors.server_error(rf.get("/en/"))
    api = errors.server_error(rf.get("/api/v1/articles/"))

    assert (page.status_code, api.status_code) == (500, 500)
    assert api["Content-Type"] == "application/problem+json"
    assert "Traceback" not in page.content.decode()


def test_failing_view_renders_error_page():
    client = Client(raise_request_exception=False)

    def fail(execute, sql, params, many, context):
        message = "a secret table is missing"
        raise ProgrammingError(message)

    with connection.execute_wrapper(fail):
        responses = [
            client.get(path) for path in ("/en/news/opening/", "/api/v1/articles/")
        ]

    assert [response.status_code for response in responses] == [500, 500]
    assert all("secret" not in response.content.decode() for response in responses)
    assert responses[1]["Content-Type"] == "application/problem+json"


def test_debug_is_off():
    assert settings.DEBUG is False


def test_form_of_an_earlier_sign_in_gets_a_page_that_says_what_to_do():
    client = Client(enforce_csrf_checks=True)

    for language, tag in (("en", "en"), ("zh-CN", "zh-Hans")):
        headers = {"accept-language": language}
        response = client.post("/admin/login/", {"login": "x"}, headers=headers)

        assert response.status_code == 403
        assert f'<html lang="{tag}">' in response.text
        if tag == "en":
            assert "Nothing was saved." in response.text
            assert "load the page again" in response.text


def test_form_with_too_many_rows_gets_a_page_that_says_what_to_do(client):
    client.force_login(staff(is_superuser=True))
    record = article("long")
    fields = {f"rows-{number}": "x" for number in range(5001)}

    response = client.post(
        f"/admin/conference/article/{record.pk}/change/",
        fields | {"title_en": "Changed"},
        headers={"accept-language": "en"},
    )

    assert response.status_code == 400
    assert "Nothing was saved. Go back, remove rows" in response.text
    record.refresh_from_db()
    assert record.title_en == "Sample long"
