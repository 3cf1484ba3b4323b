import datetime as dt
import re

import pytest

from portal.languages import BY_CODE, LANGUAGES
from portal.translations.dates import day_in_words, in_words

SEPTEMBER, AFTER, OCTOBER = (
    dt.date(2025, 9, 22),
    dt.date(2025, 9, 24),
    dt.date(2025, 10, 2),
)
DECEMBER, JANUARY = dt.date(2025, 12, 30), dt.date(2026, 1, 2)
# Language → a day, days of a month, of two months, of two years; a month; a year.
WORDS = {
    "zh-hans": (
        "2025年9月22日",
        "2025年9月22日至24日",
        "2025年9月22日至10月2日",
        "2025年12月30日至2026年1月2日",
        "2025年9月",
        "2025年",
    ),
    "zh-hant": (
        "2025年9月22日",
        "2025年9月22日至24日",
        "2025年9月22日至10月2日",
        "2025年12月30日至2026年1月2日",
        "2025年9月",
        "2025年",
    ),
    "en": (
        "22 September 2025",
        "22–24 September 2025",
        "22 September – 2 October 2025",
        "30 December 2025 – 2 January 2026",
        "September 2025",
        "2025",
    ),
    "th": (
        "22 กันยายน ค.ศ. 2025 (พ.ศ. 2568)",
        "22–24 กันยายน ค.ศ. 2025 (พ.ศ. 2568)",
        "22 กันยายน – 2 ตุลาคม ค.ศ. 2025 (พ.ศ. 2568)",
        "30 ธันวาคม ค.ศ. 2025 (พ.ศ. 2568) – 2 มกราคม ค.ศ. 2026 (พ.ศ. 2569)",
        "กันยายน 2025 (พ.ศ. 2568)",
        "2025 (พ.ศ. 2568)",
    ),
    "vi": (
        "22 tháng 9, 2025",
        "22–24 tháng 9, 2025",
        "22 tháng 9 – 2 tháng 10, 2025",
        "30 tháng 12, 2025 – 2 tháng 1, 2026",
        "tháng 9 năm 2025",
        "2025",
    ),
    "id": (
        "22 September 2025",
        "22–24 September 2025",
        "22 September – 2 Oktober 2025",
        "30 Desember 2025 – 2 Januari 2026",
        "September 2025",
        "2025",
    ),
    "fil": (
        "Setyembre 22, 2025",
        "Setyembre 22–24, 2025",
        "Setyembre 22 – Oktubre 2, 2025",
        "Disyembre 30, 2025 – Enero 2, 2026",
        "Setyembre 2025",
        "2025",
    ),
    "pt": (
        "22 de setembro de 2025",
        "22–24 de setembro de 2025",
        "22 de setembro – 2 de outubro de 2025",
        "30 de dezembro de 2025 – 2 de janeiro de 2026",
        "setembro de 2025",
        "2025",
    ),
}


def told(language) -> tuple[str, ...]:
    return (
        in_words(SEPTEMBER, None, "day", language),
        in_words(SEPTEMBER, AFTER, "day", language),
        in_words(SEPTEMBER, OCTOBER, "day", language),
        in_words(DECEMBER, JANUARY, "day", language),
        in_words(dt.date(2025, 9, 1), None, "month", language),
        in_words(dt.date(2025, 1, 1), None, "year", language),
    )


@pytest.mark.parametrize("code", WORDS)
def test_period_in_words(code):
    assert told(BY_CODE[code]) == WORDS[code]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_period_is_told_as_exactly_as_known_in_every_language(language):
    day, days, months, years, month, year = told(language)

    assert len({day, days, months, years, month, year}) == 6
    assert all("2025" in words for words in told(language))
    assert "22" in day
    assert "22" in days
    assert "24" in days
    assert "2026" in years
    assert "22" not in month
    assert not {"1 ", " 1,"} & {month[:2], month[-3:]}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_event_of_one_day_is_told_as_that_day(language):
    words = in_words(SEPTEMBER, SEPTEMBER, "day", language)

    assert words == day_in_words(SEPTEMBER, language)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_same_day_of_two_months_and_of_two_years_keeps_both(language):
    months = in_words(dt.date(2025, 9, 5), dt.date(2025, 10, 5), "day", language)
    years = in_words(dt.date(2025, 9, 5), dt.date(2026, 9, 5), "day", language)

    assert len(re.findall(r"(?<!\d)5(?!\d)", months)) == 2
    assert len(re.findall(r"(?<!\d)5(?!\d)", years)) == 2
    assert "2025" in years
    assert "2026" in years
