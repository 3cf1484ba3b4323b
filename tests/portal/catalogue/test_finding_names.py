"""The public search finds a name in whatever form it is typed."""

import unicodedata

import pytest

from portal.catalogue.search.finding import find
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

    found = {q: len(find(q, limit=5).keys) for q in typed}

    assert found == dict.fromkeys(typed, 1)
