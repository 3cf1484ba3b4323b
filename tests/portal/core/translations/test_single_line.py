"""Texts of several lines joined to one line."""

import pytest

from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.single_line import join_lines, on_single_line


@pytest.mark.parametrize(
    ("language", "text", "joined"),
    [
        ("en", "One line", "One line"),
        ("en", "Plan signed\nHotline set up", "Plan signed; Hotline set up"),
        ("en", "Plan signed.\nHotline set up.", "Plan signed. Hotline set up."),
        ("en", 'He spoke of "trust."\nThen', 'He spoke of "trust." Then'),
        ("en", "Results:\n plan;\n\thotline", "Results: plan; hotline"),
        ("en", "\n\nFirst\n\n\nSecond\n", "First; Second"),
        ("en", "Two days\n\nin Nanning.", "Two days in Nanning."),
        ("en", "plan\nhotline", "plan; hotline"),
        ("zh-hans", "签署计划\n设立热线", "签署计划；设立热线"),
        ("zh-hant", "簽署計劃；\n設立熱線。\n結束", "簽署計劃；設立熱線。結束"),
        ("th", "ลงนามแผน\nตั้งสายด่วน", "ลงนามแผน; ตั้งสายด่วน"),
        ("km", "ផែនការ។\nបណ្តាញ", "ផែនការ។ បណ្តាញ"),
        ("my", "အစီအစဉ်။\nဖုန်း", "အစီအစဉ်။ ဖုန်း"),
        ("en", "", ""),
    ],
)
def test_lines_are_joined_with_a_separator_of_the_script(language, text, joined):
    assert join_lines(text, LANGUAGES_BY_CODE[language]) == joined


def test_separator_is_that_of_the_language_of_the_text():
    text = LocalizedText(
        "签署计划\n设立热线", LANGUAGES_BY_CODE["zh-hans"], is_fallback=True
    )

    joined = on_single_line(text)

    assert joined.text == "签署计划；设立热线"
    assert (joined.tag, joined.is_fallback) == ("zh-Hans", True)
