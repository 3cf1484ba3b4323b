"""Titles of meetings that are formed where none is written."""

import pytest
from django.utils import translation

from exchanges.titles import meeting_title
from portal.content.catalogue.title_names import TitleNames
from portal.core.languages import LANGUAGES_BY_CODE

NAMES = {"country": {"VN": {"en": "Viet Nam", "zh-hans": "越南"}}}


@pytest.mark.parametrize(
    ("language", "facts", "title"),
    [
        (
            "en",
            {"other": "VN", "number": 2, "date": "2019-11"},
            "Meeting of procuratorates of China and Viet Nam, number 2, November 2019",
        ),
        (
            "zh-hans",
            {"other": "VN", "number": 2, "date": "2019-11"},
            "中国与越南检察机关第2次会晤（2019年11月）",
        ),
        (
            "en",
            {"other": "VN", "number": None, "date": "2018"},
            "Meeting of procuratorates of China and Viet Nam, 2018",
        ),
        (
            "en",
            {"other": "VN", "number": 2},
            "Meeting of procuratorates of China and Viet Nam, number 2",
        ),
        ("en", {"other": "", "number": 2, "date": "2018"}, None),
        ("km", {"other": "VN", "number": 2, "date": "2018"}, None),
    ],
)
def test_meeting_title_names_country_number_and_month(language, facts, title):
    with translation.override(language):
        result = meeting_title(facts, TitleNames(NAMES, LANGUAGES_BY_CODE[language]))

    assert (result and result.text) == title
