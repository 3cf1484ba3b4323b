"""What readers see of a source: in pages, PDF, structured data and the API.

Nothing may lead readers to a page on an evidence-only host.
"""

import datetime as dt
import io
import re

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from portal.conference.models import Article
from portal.content.catalogue import operations as catalogue
from portal.content.catalogue.models import Entry, EntryTag
from portal.content.catalogue.registry import get_kind
from portal.content.changes.models import Change
from portal.content.publishing.dependencies import enqueue_refresh_of
from portal.content.publishing.models import Source
from portal.content.publishing.public_sources import find_hosts, read_public_sources
from tests.factories.conference import article
from tests.factories.publishing import (
    evidence_only_host,
    published,
    republished,
    source,
)
from tests.factories.seminars import seminar
from tests.page_html import text_of
from tests.portal.website.feeds.linked_data import record_node

pytestmark = pytest.mark.django_db
PAGE = "/en/news/opening/"
ARCHIVE = "https://archive.example/web/2018/https://agency.example/report"
DETAILS = {
    "title": "เปิดการสัมมนา",
    "publisher": "สำนักข่าวตัวอย่าง",
    "published_on": dt.date(2018, 9, 1),
    "date_precision": "month",
    "language": "th",
    "archive_url": ARCHIVE,
}


@pytest.fixture
def record() -> Article:
    return article("opening", title_en="Opening")


def sources_of(text: str) -> str:
    """Return the section with the sources of a page, on one line."""
    section = re.search(
        r'<section[^>]+aria-labelledby="sources">.*?</section>', text, re.S
    )
    return " ".join(section[0].split())


def test_page_shows_title_publisher_date_language_and_archived_copy(client, record):
    source(record, "https://agency.example/report", **DETAILS)
    published(record)

    html = sources_of(text_of(client, PAGE))

    assert (
        '<a href="https://agency.example/report" hreflang="th" '
        'rel="external noopener noreferrer">'
    ) in html
    assert '<span class="sources__title" lang="th">เปิดการสัมมนา</span>' in html
    assert '<span lang="th">สำนักข่าวตัวอย่าง</span>' in html
    assert '<time datetime="2018-09">September 2018</time>' in html
    assert '<span lang="en">Thai</span>' in html
    assert f'<a href="{ARCHIVE}" rel="external noopener noreferrer">' in html
    assert "Archived copy" in html
    # The host is a part of the address, which is below the title.
    assert '<span class="sources__host">' not in html
    assert ">https://agency.example/report</span>" in html


def test_date_is_in_the_language_of_the_reader_and_language_named_if_other(
    client, record
):
    source(record, "https://agency.example/report", **DETAILS)
    published(record)

    chinese = sources_of(text_of(client, PAGE.replace("/en/", "/zh-hans/")))
    thai = sources_of(text_of(client, PAGE.replace("/en/", "/th/")))

    assert "2018年9月" in chinese
    assert '<span lang="zh-Hans">泰语</span>' in chinese
    assert "กันยายน พ.ศ. 2561 (ค.ศ. 2018)" in thai
    assert ">ไทย<" not in thai


@pytest.mark.parametrize(
    ("tag", "page", "name"),
    [
        ("en-US", "en", None),
        ("zh", "zh-hans", None),
        ("zh-Hant", "zh-hans", "繁体中文"),
        ("pt-BR", "pt", None),
        ("yue", "zh-hant", "廣東話"),
        ("ja", "vi", "Tiếng Nhật"),
        ("tet", "en", "Tetum"),
    ],
)
def test_language_is_named_unless_it_is_that_of_the_page(
    client, record, tag, page, name
):
    source(record, title="Sample", language=tag)
    published(record)

    html = sources_of(text_of(client, PAGE.replace("/en/", f"/{page}/")))

    facts = re.findall(r'<p class="sources__facts".*?</p>', html)
    assert bool(facts) == bool(name)
    assert name is None or f">{name}</span>" in facts[0]
    assert f'<span class="sources__title" lang="{tag}">Sample</span>' in html


def test_source_without_title_shows_its_host(client, record):
    source(record, "https://agency.example/report", publisher="Sample Agency")
    published(record)

    html = sources_of(text_of(client, PAGE))

    assert '<span class="sources__host">agency.example</span>' in html
    # The language of the publisher's name is not on record.
    assert '<span lang="">Sample Agency</span>' in html
    assert "hreflang" not in html


def test_values_are_escaped(client, record):
    source(record, title="<script>x</script>", publisher='"><b>', language="en")
    published(record)

    html = text_of(client, PAGE)

    assert "<script>x" not in html
    assert '"><b>' not in html


def test_api_has_the_details(client, record):
    source(record, "https://agency.example/report", **DETAILS)
    source(record, "https://agency.example/other", position=1)
    published(record)

    sources = client.get("/api/v1/articles/opening/").json()["sources"]

    assert sources == [
        {
            "url": "https://agency.example/report",
            "is_evidence_only": False,
            "title": "เปิดการสัมมนา",
            "publisher": "สำนักข่าวตัวอย่าง",
            "published": "2018-09",
            "language": "th",
            "archive_url": ARCHIVE,
        },
        {
            "url": "https://agency.example/other",
            "is_evidence_only": False,
            "title": "",
            "publisher": "",
            "published": None,
            "language": "",
            "archive_url": "",
        },
    ]


def test_structured_data_cites_the_sources(client, record):
    evidence_only_host("copies.example")
    source(record, "https://agency.example/report", **DETAILS)
    source(record, "https://agency.example/other", position=1)
    source(record, "https://copies.example/x", position=2)
    published(record)

    assert record_node(client, record)["citation"] == [
        {
            "@type": "CreativeWork",
            "name": "เปิดการสัมมนา",
            "url": "https://agency.example/report",
            "inLanguage": "th",
            "datePublished": "2018-09",
            "publisher": {"@type": "Organization", "name": "สำนักข่าวตัวอย่าง"},
            "archivedAt": ARCHIVE,
        },
        {"@type": "CreativeWork", "url": "https://agency.example/other"},
    ]


def test_event_is_the_subject_of_its_sources(client):
    event = seminar("SEM-0001")
    source(event, "https://agency.example/report", title="Report")
    published(event)

    node = record_node(client, event)

    assert "citation" not in node
    assert node["subjectOf"] == [
        {
            "@type": "CreativeWork",
            "name": "Report",
            "url": "https://agency.example/report",
        }
    ]


def test_pdf_has_the_addresses_of_page_and_archived_copy(client, record):
    values = {**DETAILS, "title": "Report", "publisher": "Agency", "language": "en"}
    source(record, "https://agency.example/report", **values)
    published(record)

    response = client.get(f"{PAGE}print/")

    pages = PdfReader(io.BytesIO(response.getvalue())).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    assert "Report https://agency.example/report" in text
    assert f"Agency · September 2018 · Archived copy {ARCHIVE}" in text


# -------------------------------------------------------------- evidence-only hosts


def shown_everywhere(client: Client) -> str:
    """Return all that readers see of the article, in every form."""
    addresses = (PAGE, "/api/v1/articles/opening/", "/en/feed.json", "/en/feed.atom")
    return " ".join(client.get(address).content.decode() for address in addresses)


def test_evidence_only_source_shows_nothing_but_its_host(client, record):
    evidence_only_host("copies.example")
    archive = "https://archive.example/AbC"
    values = {**DETAILS, "archive_url": archive, "language": "ja"}
    source(record, "https://www.copies.example/secret", **values)
    published(record)

    text = shown_everywhere(client)

    assert "www.copies.example" in text
    for value in (values["title"], values["publisher"], archive, "2018-09", "Japanese"):
        assert value not in text
    [data] = client.get("/api/v1/articles/opening/").json()["sources"]
    assert data == {
        "url": "https://www.copies.example/secret",
        "is_evidence_only": True,
        "title": "",
        "publisher": "",
        "published": None,
        "language": "",
        "archive_url": "",
    }


@pytest.mark.parametrize(
    "archive",
    [
        "https://copies.example/archived",
        "https://www.copies.example:8443/archived",
        "https://archive.example/web/2018/https://copies.example/x",
        "https://archive.example/web/2018/http://WWW.Copies.Example/x",
        "https://archive.example/web/2018/copies.example/x",
        "https://archive.example/web/2018/copies.example",
        "https://archive.example/?url=https%3A%2F%2Fcopies.example%2Fx",
        "https://archive.example/?url=https%253A%252F%252Fcopies%252Eexample%252Fx",
        "https://archive.example/search?q=cache:a1b2:copies.example/x",
        "https://archive.example/x#https://a.b.copies.example./",
    ],
)
def test_archived_copy_of_a_page_on_an_evidence_only_host_is_not_shown(
    client, record, archive
):
    evidence_only_host("copies.example")
    source(record, "https://agency.example/x", **{**DETAILS, "archive_url": archive})
    published(record)

    text = shown_everywhere(client)

    assert DETAILS["title"] in text
    assert "copies" not in text.lower()
    assert "Archived copy" not in text
    assert "archivedAt" not in text


@pytest.mark.parametrize(
    "archive",
    [
        "https://archive.example/web/2018/https://notcopies.example/x",
        "https://archive.example/web/2018/https://copies.example.org/x",
        "https://archive.example/copies/example",
    ],
)
def test_archived_copy_of_a_similar_host_is_shown(record, archive):
    evidence_only_host("copies.example")
    source(record, archive_url=archive)

    [shown] = read_public_sources([record])[record.pk]

    assert shown.archive_url == archive


@pytest.mark.parametrize(
    ("url", "is_evidence_only"),
    [
        ("https://archive.example/web/2018/https://copies.example/x", True),
        ("https://archive.example/web/2018/http://user@www.copies.example/x", True),
        ("https://archive.example/web/2018/https:/copies.example/x", True),
        ("https://archive.example/web/2018/copies.example/x", True),
        ("https://archive.example/?url=https%3A%2F%2Fcopies.example%2Fx", True),
        ("https://archive.example/?url=copies%252Eexample%252Fx", True),
        ("https://archive.example/web/2018/https://agency.example/x", False),
        ("https://archive.example/web/2018/https://notcopies.example/x", False),
        ("https://archive.example/web/2018/copies.example.org/x", False),
        ("https://agency.example/copies/example.html", False),
    ],
)
def test_copy_of_a_page_on_an_evidence_only_host_is_evidence_only(
    client, record, url, is_evidence_only
):
    """Before there was a field for it, archived copies were recorded as sources."""
    evidence_only_host("copies.example")
    source(record, url, title="Sample title")
    published(record)

    page = client.get(PAGE).content.decode()

    assert (f'href="{url}"' not in page) == is_evidence_only
    assert ("Sample title" not in page) == is_evidence_only


def test_hosts_inside_addresses():
    address = "https://Archive.Example/web/2018/https://Agency.Example:80/index.html"

    assert find_hosts(address) == {"archive.example", "agency.example"}
    assert find_hosts("https://agency.example/201903/a-b.html?id=1") == {
        "agency.example"
    }
    assert find_hosts("https://agency.example/a//b") == {"agency.example"}
    assert find_hosts("") == set()


# ----------------------------------------------------------------- changes and digest


def test_details_are_a_public_change(record):
    row = source(published(record))
    republished(record)
    before = record.revision

    for name, value in DETAILS.items():
        setattr(row, name, value)
    row.save()
    republished(record)

    assert record.revision == before + 1


def test_entry_keeps_its_digest_while_sources_have_no_details(record):
    """Values of the release before, so that an upgrade changes no entry."""
    evidence_only_host("copies.example")
    source(record, "https://agency.example/x")
    source(record, "https://copies.example/x", position=1, **DETAILS)

    content = get_kind("article").read_contents([record])[record.pk]

    assert content.values["sources"] == [
        ["https://agency.example/x", False],
        ["https://copies.example/x", True],
    ]
    assert content.hosts >= {"agency.example", "copies.example"}


def test_marking_a_host_hides_archived_copies_and_is_a_public_change(
    client, record, django_capture_on_commit_callbacks
):
    archive = "https://archive.example/2018/https://www.copies.example/x"
    source(record, "https://agency.example/x", archive_url=archive)
    published(record)
    assert archive in shown_everywhere(client)
    changes = Change.objects.count()
    tags = EntryTag.objects.filter(axis="host").values_list("value", flat=True)
    assert {"copies.example", "www.copies.example", "archive.example"} <= set(tags)

    with django_capture_on_commit_callbacks(execute=True):
        enqueue_refresh_of([evidence_only_host("copies.example")], at=timezone.now())

    assert archive not in shown_everywhere(client)
    assert Change.objects.count() == changes + 1
    digest = Entry.objects.get(code="opening").digest
    catalogue.update_entry(Article.objects.get())
    assert Entry.objects.get(code="opening").digest == digest


# ------------------------------------------------------------------------- the model


def test_date_of_month_or_year_is_stored_as_the_first_day(record):
    for precision, day in (
        ("month", dt.date(2018, 9, 1)),
        ("year", dt.date(2018, 1, 1)),
    ):
        row = Source(
            record=record,
            url="https://agency.example/x",
            published_on=dt.date(2018, 9, 17),
            date_precision=precision,
        )
        row.full_clean(exclude=["host"])
        assert row.published_on == day
