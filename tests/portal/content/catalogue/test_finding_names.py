"""The public search finds names typed in other scripts, forms and widths."""

import unicodedata

import pytest

from portal.content.catalogue.search.engine import search_entries
from tests.factories.publishing import published
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db


def test_name_is_found_in_other_characters_normal_forms_and_widths():
    published(
        seminar(
            title_zh_hans="阮氏红",
            title_en="Nguyễn Thị Hồng",
            title_th="สำนักงานอัยการสูงสุด",
        )
    )
    published(seminar(title_zh_hans="陈大文", title_en="Tran Dai Van"))
    typed = (
        "阮氏紅",
        "NGUYỄN THỊ HỒNG",
        unicodedata.normalize("NFD", "Nguyễn Thị Hồng"),
        "nguyen thi hong",
        "Ｎｇｕｙｅｎ　Ｈｏｎｇ",
        "สํานักงาน",
    )

    counts = {q: len(search_entries(q, limit=5).row_ids) for q in typed}

    assert counts == dict.fromkeys(typed, 1)


def test_name_is_found_in_spellings_that_look_the_same():
    """Each pair is found both ways: as typed by the visitor and by the author."""
    pairs = (
        ("រដ្ឋមន្រ្តី", "រដ្ឋមន្ត្រី"),
        ("၀န်ကြီးဌာန", "ဝန်ကြီးဌာန"),
        ("นำ้", "น้ำ"),
        ("ท่ี", "ที่"),
        ("ນ\u0ecd\u0ec9\u0eb2", "ນ້ຳ"),
        ("人⺠检察院", "人民检察院"),
    )
    for pair in pairs:
        for title in pair:
            published(seminar(title_zh_hans=title, title_en="Training"))
    published(seminar(title_zh_hans="陈大文", title_en="Training of others"))

    counts = {
        q: len(search_entries(q, limit=20).row_ids) for pair in pairs for q in pair
    }

    assert counts == dict.fromkeys(counts, 2)
