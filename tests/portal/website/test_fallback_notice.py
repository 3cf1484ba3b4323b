"""The notice that names the parts of a page that are in another language."""

import datetime as dt
import re

import pytest

from portal.content.catalogue.registry import all_kinds
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.querysets import translated_fields
from portal.website.fallback_notice import (
    SUMMARY,
    TITLE,
    FallbackNotice,
    FallbackParts,
    build_list_notice,
)
from tests.factories.conference import article, document, edition, paragraph
from tests.factories.conference import page as standing_page
from tests.factories.directory import any_country, organ
from tests.factories.publishing import published
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.page_html import text_of

pytestmark = pytest.mark.django_db
# Headings and the remark, which every page has, and a name among the facts.
_ELSEWHERE = {"title", "name", "remark", "venue"}
HELD = {"state": "held"}


def notices(client, address: str) -> list[str]:
    page = text_of(client, address)
    boxes = re.findall(r'<div class="notice".*?</div>', page)
    assert len(boxes) < 2
    return re.findall(r"<p>\s*(.*?)\s*</p>", boxes[0]) if boxes else []


def test_notice_names_the_parts_in_another_language(client):
    published(
        article(
            "opening",
            title_en="Opening",
            title_th="เปิด",
            summary_en="Summary",
            body_zh_hans="正文",
            remark_en="Doubtful.",
        )
    )

    assert notices(client, "/th/news/opening/") == [
        'เนื้อหาฉบับเต็ม แสดงเป็นภาษา<span lang="th">จีนตัวย่อ</span>',
        'สรุปและหมายเหตุ แสดงเป็นภาษา<span lang="th">อังกฤษ</span>',
    ]
    assert notices(client, "/en/news/opening/") == [
        'Full text shown in <span lang="en">Simplified Chinese</span>'
    ]


def test_vietnamese_name_of_a_language_has_no_capital_within_a_sentence(client):
    published(article("opening", title_vi="Khai mạc", summary_en="Summary"))

    assert notices(client, "/vi/news/opening/") == [
        'Tóm tắt hiển thị bằng <span lang="vi">tiếng Anh</span>'
    ]


def test_page_in_the_language_of_the_reader_has_no_notice(client):
    published(edition(15, theme_en="", theme_th="หัวข้อ"))

    assert notices(client, "/th/conference/15/") == []


def test_name_of_an_organ_among_the_facts_causes_no_notice(client):
    vietnam = published(any_country("VN"))
    host = published(organ("vn-spp", country=vietnam, name_en="Procuracy"))
    published(edition(15, theme_en="", host_organs=[host]))

    page = text_of(client, "/th/conference/15/")

    assert 'lang="en">Procuracy</a>' in page
    assert notices(client, "/th/conference/15/") == []
    assert notices(client, "/zh-hans/organs/vn-spp/") == [
        '名称暂无中文，以<span lang="zh-Hans">英语</span>显示'
    ]


def test_text_of_a_document_is_part_of_the_notice(client):
    record = document("DOC-0001", title_en="Treaty", title_zh_hans="条约")
    paragraph(record, 1, text_en="Article 1")
    published(record)

    assert notices(client, "/zh-hans/documents/DOC-0001/") == [
        '全文暂无中文，以<span lang="zh-Hans">英语</span>显示'
    ]


def parts(page: str, css_class: str) -> list[str]:
    """Return the parts that a Chinese page names as shown in another language."""
    lines = re.findall(rf'{css_class}"[^>]*>\s*(.*?)</span>\s*显示', page)
    return [line.split("暂无")[0] for line in lines]


def test_card_names_the_part_in_another_language(client):
    published(seminar("SEM-0001", title_en="One", title_zh_hans="", summary_en="Two"))

    page = text_of(client, "/zh-hans/seminars/")

    assert parts(page, "badge--language") == ["标题和摘要"]
    assert "list-fallback" not in page


def test_list_names_once_what_most_cards_have_in_another_language(client):
    published(seminar("SEM-0001", title_en="One", title_zh_hans="", summary_en="Two"))
    published(seminar("SEM-0002", title_en="One", title_zh_hans="一", summary_en="Two"))

    page = text_of(client, "/zh-hans/seminars/")

    assert parts(page, "list-fallback") == ["摘要"]
    assert parts(page, "badge--language") == ["标题"]
    assert page.count('<p class="card__summary" lang="en">Two</p>') == 2


def test_each_section_of_the_home_page_names_its_parts(client):
    published(edition(15, theme_en="Theme", **HELD))
    for number, day in enumerate((1, 2, 3), 1):
        values = {**HELD, "starts_on": dt.date(2025, 1, day), "date_precision": "day"}
        published(
            seminar(
                f"SEM-000{number}", title_zh_hans="一", summary_en="Summary", **values
            )
        )
    for slug in ("one", "two"):
        published(
            standing_page(slug, title_en="Page", title_zh_hans="", body_en="Text")
        )

    page = text_of(client, "/zh-hans/")

    assert parts(page, "list-fallback") == ["摘要", "标题和摘要"]
    # The edition at the top of the page is in no list.
    assert parts(page, "badge--language") == ["摘要"]


def test_list_of_titles_names_only_titles(client):
    for number in range(1, 4):
        published(
            seminar(f"SEM-000{number}", title_zh_hans="一", summary_en="Not shown")
        )
    published(seminar("SEM-0004", title_en="One", title_zh_hans=""))

    page = text_of(client, "/zh-hans/updates/")

    assert parts(page, "list-fallback") == []
    assert parts(page, "badge--language") == ["标题"]


def test_part_is_named_above_a_list_if_most_of_its_texts_are_in_one_language():
    chinese, english = LANGUAGES_BY_CODE["zh-hans"], LANGUAGES_BY_CODE["en"]
    own = LocalizedText("own", LANGUAGES_BY_CODE["lo"])
    in_chinese, in_english = (
        LocalizedText("other", language, is_fallback=True)
        for language in (chinese, english)
    )
    cases = {
        "no text": ([None, None], {}),
        "own texts": ([own, own], {}),
        "one card": ([in_english], {}),
        "one of the cards with a text": ([in_english, None], {}),
        "all": ([in_english, in_english], {english: [SUMMARY]}),
        "all that have a text": (
            [in_english, in_english, None, None, None],
            {english: [SUMMARY]},
        ),
        "half": ([in_english, in_english, own, own], {}),
        "more than half": ([in_english, in_english, own], {english: [SUMMARY]}),
        "two languages": ([in_english, in_english, in_chinese, in_chinese], {}),
        "mostly one language": (
            [in_chinese, in_chinese, in_english],
            {chinese: [SUMMARY]},
        ),
    }
    with collect_failures() as failures:
        for name, (texts, expected) in cases.items():
            with failures.case(name):
                notice = build_list_notice(
                    [[(TITLE, own), (SUMMARY, text)] for text in texts]
                )
                assert {
                    parts.language: parts.labels for parts in notice.languages
                } == expected


def test_card_does_not_repeat_what_is_named_above_the_list():
    english, chinese = LANGUAGES_BY_CODE["en"], LANGUAGES_BY_CODE["zh-hans"]
    above = FallbackNotice([FallbackParts(english, ["Summary"])])
    notice = FallbackNotice(
        [FallbackParts(chinese, ["Summary"]), FallbackParts(english, ["Title"])]
    )

    assert notice.without(above) == notice.languages
    assert above.without(above) == []
    both = FallbackNotice([FallbackParts(english, ["Title", "Summary"])])
    assert both.without(above) == [FallbackParts(english, ["Title"])]


def test_conversion_is_said_once_in_the_footer_of_a_list(client):
    for number in (1, 2):
        published(seminar(f"SEM-000{number}", title_zh_hans="检察机关"))

    page = text_of(client, "/zh-hant/seminars/")

    assert "檢察機關" in page
    assert "badge--language" not in page
    assert page.count("自動轉換") == 1


def test_every_translated_text_of_a_page_is_in_the_notice():
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.case(kind.code):
                names = set(translated_fields(kind.model)) - _ELSEWHERE
                assert names == {
                    path for path in kind.model.content_fields if "__" not in path
                }
