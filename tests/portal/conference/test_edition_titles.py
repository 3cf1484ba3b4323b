"""Titles that are generated for editions of the conference."""

import pytest
from django.utils import translation

from portal.conference.titles import edition_title
from portal.content.catalogue.title_names import TitleNames
from portal.core.languages import LANGUAGES_BY_CODE


def title_of(number: int, name_order: str = "", language: str = "en") -> str:
    facts = {"number": number, "name_order": name_order}
    with translation.override(language):
        return edition_title(facts, TitleNames({}, LANGUAGES_BY_CODE[language])).text


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
    name = title_of(number)

    assert name == f"{ordinal} China-ASEAN Prosecutors-General Conference"


def test_edition_name_follows_name_order():
    names = [title_of(9, order) for order in ("asean-china", "china-asean", "")]

    assert names == [
        "9th ASEAN-China Prosecutors-General Conference",
        "9th China-ASEAN Prosecutors-General Conference",
        "9th China-ASEAN Prosecutors-General Conference",
    ]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("zh-hans", "第九届中国—东盟成员国总检察长会议"),
        ("zh-hant", "第九屆中國—東盟成員國總檢察長會議"),
    ],
)
def test_chinese_name_is_the_same_in_either_order(language, name):
    for order in ("asean-china", "china-asean", ""):
        assert title_of(9, order, language) == name
