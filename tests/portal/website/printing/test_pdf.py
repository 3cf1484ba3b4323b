"""``<record URL>/print/``: the PDF of a record, available when its page is."""

import datetime as dt
from itertools import cycle

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from portal.content.catalogue.registry import all_kinds, get_kind
from portal.core.languages import LANGUAGES_BY_CODE
from portal.website.printing import pdf_compiler
from tests.factories import publishing as states
from tests.factories.conference import document, edition, paragraph
from tests.factories.publishing import published_together, withdrawn_together
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.portal.website.printing.pdf_documents import fonts_of, read_pdf, text_of
from tests.project.kind_factories import sample

pytestmark = pytest.mark.django_db

# Reported figures have no page of their own.
KINDS = [kind.code for kind in all_kinds() if hasattr(kind.model, "get_absolute_url")]
# Every kind and every language occurs at least once.
PAIRS = list(zip(LANGUAGES_BY_CODE, cycle(KINDS), strict=False))
SAMPLE_TEXT = "Sample words (#strong) with $signs$ of 测试"


def _address(record, language: str = "en", ending: str = "print/") -> str:
    with override(language):
        return f"{record.get_absolute_url()}{ending}"


def test_every_kind_has_pdf_in_every_language(client):
    records = {kind: sample(get_kind(kind)) for kind in KINDS}
    for record in records.values():
        record.remark_en = SAMPLE_TEXT
        record.save()
    published_together(*records.values())

    with collect_failures() as failures:
        for language, kind in PAIRS:
            with failures.case(language, kind):
                record = records[kind]
                _check_pdf(client.get(_address(record, language)), record, language)


def _check_pdf(response, record, language: str) -> None:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Language"] == LANGUAGES_BY_CODE[language].tag
    assert response["X-Robots-Tag"] == "noindex"
    ending = f'{record.public_code}-{language}.pdf"'
    assert response["Content-Disposition"].startswith('inline; filename="')
    assert response["Content-Disposition"].endswith(ending)
    assert SAMPLE_TEXT in text_of(response.content)
    assert all(fonts_of(response.content).values())


def test_unpublished_record_has_no_pdf(client):
    drafts = {kind: sample(get_kind(kind)) for kind in KINDS}
    addresses = {kind: _address(draft) for kind, draft in drafts.items()}
    before = {kind: client.get(addresses[kind]).status_code for kind in KINDS}
    withdrawn_together(*drafts.values())
    after = {kind: client.get(addresses[kind]) for kind in KINDS}

    assert before == dict.fromkeys(KINDS, 404)
    assert {
        kind: (response.status_code, response["Content-Type"].split(";")[0])
        for kind, response in after.items()
    } == dict.fromkeys(KINDS, (410, "text/html"))


def test_noncanonical_code_redirects(client):
    states.published(edition(15))

    response = client.get("/en/conference/015/print/?a=1")

    assert response.status_code == 301
    assert response["Location"] == "/en/conference/15/print/?a=1"


WITHOUT_PDF = [
    "/en/seminars/print/",
    "/en/print/",
    "/en/contact/print/",
    "/en/no/such/print/",
    "/en/seminars/SEM-0001/print/print/",
    "/en/seminars/SEM-0001/card.png/print/",
    "/en/seminars/%00/print/",
]


def test_non_record_page_has_no_pdf(client):
    states.published(seminar("SEM-0001"))

    with collect_failures() as failures:
        for path in WITHOUT_PDF:
            with failures.isolated_case(path):
                assert client.get(path).status_code in (400, 404)


def test_pdf_has_metadata(client):
    record = document(
        "DOC-0001", title_en="Sample Joint Statement", title_zh_hans="联合声明样本"
    )
    paragraph(record, 7, text_en="First sample text.", text_zh_hans="第一段样本。")
    states.published(record)

    english = client.get("/en/documents/DOC-0001/print/").content
    chinese = client.get("/zh-hans/documents/DOC-0001/print/").content
    converted = client.get("/zh-hant/documents/DOC-0001/print/").content

    about = read_pdf(english).metadata
    assert about.title == "Sample Joint Statement"
    assert about.creation_date == dt.datetime(2024, 5, 6, 8, tzinfo=dt.UTC)
    assert read_pdf(english).trailer["/Root"]["/Lang"] == "en"
    text = text_of(english)
    assert text.count("Sample Joint Statement") == 1
    assert "7 First sample text." in text
    assert "http://testserver/en/documents/DOC-0001/" in text
    assert "Last updated on 6 May 2024, version 1" in text
    assert "Page 1 of 1" in text
    assert "Report a problem" not in text
    assert read_pdf(chinese).metadata.title == "联合声明样本"
    assert "第一段样本。" in text_of(chinese)
    assert "聯合聲明樣本" in text_of(converted)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("vi", "Hội nghị Viện trưởng Viện kiểm sát – Tổng công tố"),
        ("th", "การประชุมอัยการสูงสุด"),
        ("my", "ရှေ့နေချုပ်များ ညီလာခံ"),
    ],
)
def test_pdf_metadata_title_matches_record_title(client, language, title):
    states.published(seminar("SEM-0001", **{f"title_{language}": title}))

    pdf = client.get(f"/{language}/seminars/SEM-0001/print/").content

    assert read_pdf(pdf).metadata.title == title


def test_pdf_needs_no_more_queries_than_page(client):
    states.published(seminar("SEM-0001"))
    with CaptureQueriesContext(connection) as page:
        client.get("/en/seminars/SEM-0001/")
    with CaptureQueriesContext(connection) as printed:
        client.get("/en/seminars/SEM-0001/print/")

    assert len(printed) == len(page)


def test_second_request_uses_cached_pdf(client, monkeypatch):
    monkeypatch.setattr(pdf_compiler, "_LOCK_TIMEOUT_SECONDS", 0.01)
    states.published(seminar("SEM-0001"))
    first = client.get("/en/seminars/SEM-0001/print/")

    with pdf_compiler._lock:
        second = client.get("/en/seminars/SEM-0001/print/")
        cache.clear()
        refused = client.get("/en/seminars/SEM-0001/print/")

    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert refused["Cache-Control"] == "no-store"


def test_missing_glyph_does_not_fail_pdf(client, caplog):
    states.published(seminar("SEM-0001", title_en="Sample 😀 with عربي"))

    response = client.get("/en/seminars/SEM-0001/print/")

    assert response.status_code == 200
    assert (
        "PDF standards not met for http://testserver/en/seminars/SEM-0001/"
        in caplog.text
    )


def test_page_links_to_pdf(client):
    states.published(seminar("SEM-0001"))

    page = client.get("/km/seminars/SEM-0001/").content.decode()

    assert 'href="/km/seminars/SEM-0001/print/"' in page
