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
