"""Delegations and Chinese titles on the page of an edition and in the API."""

import pytest

from portal.conference.models import Edition
from tests.factories.conference import edition, edition_delegation
from tests.factories.directory import any_country, organ
from tests.factories.publishing import published, source
from tests.page_html import text_of

pytestmark = pytest.mark.django_db
NAME = "Prosecutors-General Conference"


@pytest.fixture
def record() -> Edition:
    new_edition = edition(
        13,
        title_zh_hans="第十三届中国—东盟成员国总检察长会议",
        title_zh_other="第十三届东盟成员国—中国总检察长会议",
        name_order="asean-china",
    )
    country = published(any_country("VN"))
    host = published(organ("vn-spp", country=country, name_en="Sample Procuracy"))
    source(new_edition, "https://example.org/13")
    edition_delegation(
        new_edition,
        code="DEL-0001",
        country=country,
        organ=host,
        head_office_en="Prosecutor General",
        head_office_zh_hans="检察长",
        rank="head",
        confidence="high",
        source_addresses="https://example.org/13\nhttps://example.org/other",
        work_note="Not for readers",
    )
    return published(new_edition)


def test_page_has_a_table_of_heads_in_the_language_of_the_reader(client, record):
    chinese = text_of(client, "/zh-hans/conference/13/")
    vietnamese = text_of(client, "/vi/conference/13/")

    for page, country, office in (
        (chinese, ">越南<", "检察长"),
        (
            vietnamese,
            'lang="en">Viet Nam<',
            '<span lang="en">Prosecutor General</span>',
        ),
    ):
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        assert country in body
        assert office in body
        assert "/organs/vn-spp/" in body
        assert "Not for readers" not in page


def test_edition_without_delegations_has_no_table(client):
    published(edition(9))

    assert "<table" not in text_of(client, "/en/conference/9/")


def test_chinese_title_on_record_is_shown_to_readers_of_chinese_only(client, record):
    pages = {
        code: text_of(client, f"/{code}/conference/13/")
        for code in ("zh-hans", "zh-hant", "en", "vi")
    }

    assert "<h1>第十三届中国—东盟成员国总检察长会议</h1>" in pages["zh-hans"]
    assert "<h1>第十三屆中國—東盟成員國總檢察長會議</h1>" in pages["zh-hant"]
    assert f"<h1>13th ASEAN-China {NAME}</h1>" in pages["en"]
    assert "第十三届东盟成员国—中国总检察长会议" in pages["zh-hans"]
    assert "第十三屆東盟成員國—中國總檢察長會議" in pages["zh-hant"]
    for code in ("en", "vi"):
        assert "东盟成员国—中国" not in pages[code]


def test_list_shows_the_title_of_the_page(client, record):
    for code, title in (
        ("zh-hans", "第十三届中国—东盟成员国总检察长会议"),
        ("en", f"13th ASEAN-China {NAME}"),
    ):
        assert f">{title}</a>" in text_of(client, f"/{code}/conference/")


def test_api_has_delegations_without_work_notes(client, record):
    answer = client.get("/api/v1/editions/13/?lang=zh-hans").json()

    assert answer["name"] == answer["title"] == record.title_zh_hans
    assert answer["title_zh_other"] == record.title_zh_other
    assert answer["delegations"] == [
        {
            "code": "DEL-0001",
            "country": "VN",
            "organ": "vn-spp",
            "head_office": "检察长",
            "rank": "head",
            "source_urls": ["https://example.org/13"],
            "confidence": "high",
            "fallback": {},
        }
    ]
    assert "work_note" not in str(answer)


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_number_of_queries_is_constant(client, rows, django_assert_num_queries):
    new_edition = edition(15)
    country = published(any_country("VN"))
    for number in range(rows):
        host = published(organ(f"vn-{number}", country=country))
        edition_delegation(new_edition, country=country, organ=host)
    published(new_edition)
    client.get("/en/conference/15/")

    with django_assert_num_queries(8):
        client.get("/en/conference/15/?x=1")
