"""Redirects from almost correct URLs to the correct ones."""

from urllib.parse import quote

import pytest
from django.db import OperationalError, connection
from django.test import Client

from exchanges.models import Meeting
from tests.factories import files
from tests.factories import publishing as states
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ
from tests.factories.exchanges import mechanism, meeting
from tests.factories.publishing import (
    attachment,
    published,
    published_together,
    redirect,
    withdrawn,
)
from tests.factories.seminars import seminar
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
# Closing punctuation of many scripts, white space and invisible characters.
MARKS = (
    *"。，、；：！？…）」』】〉》〕］｝．｡､",
    *".,;:!)]}>\"'*",
    *"’”»›‘“",
    *"၊။។៕๚๛ฯຯ؟،۔।",
    *" \t\u00a0\u3000\u200b\u200d\u200e\u2060\ufeff",
    "?",
    "。”",
    "）。\u200b ",
    "/。/",
)


def moved(client, path: str, query: str = "") -> str:
    """Request ``path`` percent-encoded and return the target of its 301 redirect."""
    response = client.get(quote(path) + query)
    assert response.status_code == 301, (path, response.status_code)
    return response["Location"]


def test_punctuation_at_the_end_is_taken_off(client):
    published(edition(13))
    pages = {
        "/en/conference/13": "/en/conference/13/",
        "/en/conference/13/": "/en/conference/13/",
        "/en/conference": "/en/conference/",
        "/en/search/": "/en/search/",
        "/en": "/en/",
        "/en/calendar.ics": "/en/calendar.ics",
        "/en/conference/13/print/": "/en/conference/13/print/",
        "/en/conference/13/card.png": "/en/conference/13/card.png",
        "/robots.txt": "/robots.txt",
    }

    wrong = [
        (page, mark)
        for page, target in pages.items()
        for mark in MARKS
        if moved(client, page + mark) != target
    ]

    assert wrong == []


def test_correct_address_answers_without_another_redirect(client):
    published(edition(13))
    published(seminar(code="SEM-0001"))
    paths = ("/ZH-hk/Conference/013。", "/yue-HK/SEMINARS/sem-0001）。", "/EN。")

    targets = {path: moved(client, path) for path in paths}

    assert list(targets.values()) == [
        "/zh-hant/conference/13/",
        "/zh-hant/seminars/SEM-0001/",
        "/en/",
    ]
    for target in targets.values():
        assert client.get(target).status_code == 200


LETTER_CASE = [
    ("/en/seminars/sem-0001/", "/en/seminars/SEM-0001/"),
    ("/en/seminars/sem-0001", "/en/seminars/SEM-0001/"),
    ("/en/seminars/Sem-0001/print/", "/en/seminars/SEM-0001/print/"),
    ("/en/seminars/Sem-0001/print", "/en/seminars/SEM-0001/print/"),
    ("/en/seminars/sem-0001/card.png", "/en/seminars/SEM-0001/card.png"),
    ("/en/Seminars/SEM-0001/", "/en/seminars/SEM-0001/"),
    ("/en/organs/VN-SPP/", "/en/organs/vn-spp/"),
    ("/en/countries/VN。", "/en/countries/vn/"),
    ("/en/news/The-Opening/", "/en/news/the-opening/"),
    ("/en/news/autumn/", "/en/news/Autumn/"),
    ("/en/documents/doc-0001/", "/en/documents/DOC-0001/"),
    ("/en/exchanges/meetings/mtg-0001/", "/en/exchanges/meetings/MTG-0001/"),
    ("/en/exchanges/Cn-Vn/", "/en/exchanges/cn-vn/"),
    ("/en/CALENDAR.ics", "/en/calendar.ics"),
]


def test_letter_case_is_corrected_and_the_query_stays(client):
    vietnam = country("VN")
    published_together(
        seminar(code="SEM-0001"),
        vietnam,
        organ("vn-spp", country=vietnam),
        article("the-opening"),
        article("Autumn"),
        document("DOC-0001"),
        meeting(code="MTG-0001"),
        mechanism("cn-vn"),
    )
    query = "?utm_source=x&q=%E6%A3%80"

    with collect_failures() as failures:
        for path, target in LETTER_CASE:
            with failures.isolated_case(path):
                assert moved(client, path) == target
                assert moved(client, path, query) == target + query


def test_query_in_raw_bytes_is_encoded_once(client):
    response = client.get("/EN/news", QUERY_STRING="q=检".encode().decode("latin-1"))

    assert response["Location"] == "/en/news/?q=%E6%A3%80"


def test_address_that_was_decoded_as_latin_1_or_encoded_twice_is_understood(client):
    published(edition(13))
    encoded_once = "/en/conference/13。"

    assert (
        moved(client, encoded_once.encode().decode("latin-1")) == "/en/conference/13/"
    )
    assert moved(client, quote(encoded_once)) == "/en/conference/13/"
    cut_off = quote(encoded_once.encode()[:-1])
    assert client.get(cut_off)["Location"] == "/en/conference/13/"


def test_hidden_record_is_like_a_missing_one(client):
    seminar(code="SEM-0001")
    withdrawn(seminar(code="SEM-0002"))
    states.in_review(seminar(code="SEM-0003"))
    published(seminar(code="SEM-0005"))
    forms = ("/{}/seminars/{}/", "/{}/seminars/{}/print/", "/{}/seminars/{}。")
    codes = ("sem-0001", "sem-0002", "sem-0003")

    for form in forms:
        for language in ("en", "EN"):
            hidden = [client.get(form.format(language, code)) for code in codes]
            missing = client.get(form.format(language, "sem-0004"))
            response = client.get(form.format(language, "sem-0005"))
            for code, hidden_response in zip(codes, hidden, strict=True):
                assert hidden_response.status_code == missing.status_code, (form, code)
                location = hidden_response.get("Location", "").replace(code, "sem-0004")
                assert location == missing.get("Location", "")
                page = hidden_response.content.decode().replace(code, "sem-0004")
                assert page == missing.content.decode()
            assert response["Location"].startswith("/en/seminars/SEM-0005/")


ELSEWHERE = [
    "//evil.example。",
    "//evil.example/。",
    "/\\evil.example。",
    "/%5Cevil.example/。",
    "/en//evil.example/print/。",
    "/。//evil.example/。",
    "/https://evil.example/。",
    "/.//evil.example。",
]


def test_redirect_stays_on_this_site(client):
    with collect_failures() as failures:
        for path in ELSEWHERE:
            with failures.isolated_case(path):
                path_info = path.encode().decode("latin-1")
                response = client.generic("GET", "/", PATH_INFO=path_info)

                assert response.status_code == 404


NOTHING = [
    "/en/none/。",
    "/en/%FF/",
    "/%FF。",
    "/en/conference/14。",
    "/en/seminars/ſem-0001/",
    "/en/seminars/sem-0001\0。",
    "/en/seminars/sem-0001%00x。/",
    "/en/" + "。" * 2000,
    "/en/conference/13" + "9" * 5000 + "。",
    "/admin。x",
    "/sitemap-999999.xml。",
]


def test_address_of_nothing_is_not_found(client):
    published_together(edition(13), seminar(code="SEM-0001"))

    with collect_failures() as failures:
        for path in NOTHING:
            with failures.isolated_case(path):
                assert client.get(quote(path)).status_code in (400, 404)


@pytest.mark.parametrize("path", ["/api/v1/seminars/sem-0001/", "/admin/。"])
def test_api_and_staff_addresses_are_left_as_they_are(client, path):
    published(seminar(code="SEM-0001"))

    assert client.get(path).status_code in (302, 404)


def test_form_sent_to_a_wrong_address_is_not_redirected(client):
    assert client.post("/en/report/。").status_code == 404


def test_files_are_found_while_they_are_public(client):
    record = document("DOC-0001")
    stored = attachment(record, files.stored_file(name="纪要.pdf")).file
    path = stored.get_absolute_url()

    assert client.get(f"{path}。").status_code == 404
    published(record)
    assert moved(client, f"{path}。") == quote(path)
    assert client.get(f"/files/{'0' * 64}/none.pdf。").status_code == 404


def test_old_address_leads_to_the_new_one_at_once(client):
    redirect("/ywb/old.shtml", "/en/search/?q=a")

    assert moved(client, "/ywb/old.shtml）。", "?from=x") == "/en/search/?q=a"


def test_ordinary_request_makes_no_more_queries(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    published(seminar(code="SEM-0001"))
    with django_assert_num_queries(0):
        client.get("/en/contact/")
        client.get("/EN/contact")
        client.get("/zh/news/")
    with django_assert_num_queries(1):
        client.get("/zh/seminars/SEM-0001/")

    for rows in (1, 20):
        missing = range(rows - Meeting.objects.count())
        published_together(*(meeting() for _ in missing))
        with django_assert_max_num_queries(4):
            client.get("/en/exchanges/meetings/mtg-9999/")


def test_without_the_database_an_alias_is_still_moved():
    def fail(execute, sql, params, many, context):
        raise OperationalError

    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(fail):
        assert moved(client, "/zh/seminars/SEM-0001/") == "/zh-hans/seminars/SEM-0001/"
        assert client.get("/en/conference/13。").status_code == 503
