import pytest

from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.numbers import (
    format_file_size,
    format_number,
    format_ordinal,
)

EN, HANS, HANT, VI = (
    LANGUAGES_BY_CODE[code] for code in ("en", "zh-hans", "zh-hant", "vi")
)


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (1, "1st", "一"),
        (2, "2nd", "二"),
        (3, "3rd", "三"),
        (4, "4th", "四"),
        (9, "9th", "九"),
        (10, "10th", "十"),
        (11, "11th", "十一"),
        (12, "12th", "十二"),
        (13, "13th", "十三"),
        (15, "15th", "十五"),
        (20, "20th", "二十"),
        (21, "21st", "二十一"),
        (99, "99th", "九十九"),
        (101, "101st", "101"),
        (111, "111th", "111"),
        (112, "112th", "112"),
    ],
)
def test_ordinal_is_localized(number, english, chinese):
    ordinals = [format_ordinal(number, language) for language in (EN, HANS, HANT, VI)]

    assert ordinals == [english, chinese, chinese, str(number)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", "1,234,567"),
        ("zh-hans", "1,234,567"),
        ("vi", "1.234.567"),
        ("lo", "1.234.567"),
        ("km", "1,234,567"),
        ("my", "1,234,567"),
        ("id", "1.234.567"),
        ("fil", "1,234,567"),
        ("pt", "1\xa0234\xa0567"),
    ],
)
def test_number_grouping_is_localized(code, expected):
    assert format_number(1234567, LANGUAGES_BY_CODE[code]) == expected


@pytest.mark.parametrize(
    ("size", "english", "vietnamese"),
    [
        (0, "0.1 kB", "0,1 kB"),
        (870, "0.9 kB", "0,9 kB"),
        (9_940, "9.9 kB", "9,9 kB"),
        (12_345, "12 kB", "12 kB"),
        (999_999, "1,000 kB", "1.000 kB"),
        (3_400_000, "3.4 MB", "3,4 MB"),
    ],
)
def test_file_size_is_localized(size, english, vietnamese):
    assert [format_file_size(size, EN), format_file_size(size, VI)] == [
        english,
        vietnamese,
    ]


def test_burmese_ordinal_has_burmese_digits():
    assert format_ordinal(15, LANGUAGES_BY_CODE["my"]) == "၁၅"
