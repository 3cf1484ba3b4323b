"""Titles that are generated for editions of the conference."""

import pytest
from django.utils import translation

from portal.conference.catalogue import edition_title


def title_of(number: int, name_order: str = "") -> str:
    return edition_title({"number": number, "name_order": name_order}, {})


@pytest.mark.parametrize(
    ("number", "ordinal"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (15, "15th"),
        (21, "21st"),
        (22, "22nd"),
        (23, "23rd"),
        (111, "111th"),
    ],
)
def test_edition_name_uses_ordinal(number, ordinal):
    with translation.override("en"):
        name = title_of(number)

    assert name == f"{ordinal} China-ASEAN Prosecutors-General Conference"


def test_edition_name_follows_name_order():
    with translation.override("en"):
        names = [title_of(9, order) for order in ("asean-china", "china-asean", "")]

    assert names == [
        "9th ASEAN-China Prosecutors-General Conference",
        "9th China-ASEAN Prosecutors-General Conference",
        "9th China-ASEAN Prosecutors-General Conference",
    ]


def test_edition_name_in_chinese():
    with translation.override("zh-hans"):
        name = title_of(9)

    assert "九" in name
    assert "总检察长会议" in name
