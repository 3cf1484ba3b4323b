import datetime as dt
import re

import pytest

from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.dates import format_day, format_period

SEPTEMBER, AFTER, OCTOBER = (
    dt.date(2025, 9, 22),
    dt.date(2025, 9, 24),
    dt.date(2025, 10, 2),
)
DECEMBER, JANUARY = dt.date(2025, 12, 30), dt.date(2026, 1, 2)
# Language → one day; days within one month, two months, two years; a month; a year.
EXPECTED = {
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


def format_periods(language) -> tuple[str, ...]:
    return (
        format_period(SEPTEMBER, None, "day", language),
        format_period(SEPTEMBER, AFTER, "day", language),
        format_period(SEPTEMBER, OCTOBER, "day", language),
        format_period(DECEMBER, JANUARY, "day", language),
        format_period(dt.date(2025, 9, 1), None, "month", language),
        format_period(dt.date(2025, 1, 1), None, "year", language),
    )


@pytest.mark.parametrize("code", EXPECTED)
def test_period_is_formatted_in_every_language(code):
    assert format_periods(LANGUAGES_BY_CODE[code]) == EXPECTED[code]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_period_format_follows_precision_in_every_language(language):
    day, days, months, years, month, year = format_periods(language)

    assert len({day, days, months, years, month, year}) == 6
    assert all("2025" in text for text in format_periods(language))
    assert "22" in day
    assert "22" in days
    assert "24" in days
    assert "2026" in years
    assert "22" not in month
    assert not {"1 ", " 1,"} & {month[:2], month[-3:]}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_single_day_period_shows_one_date(language):
    text = format_period(SEPTEMBER, SEPTEMBER, "day", language)

    assert text == format_day(SEPTEMBER, language)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_period_with_same_day_number_shows_both_dates(language):
    months = format_period(dt.date(2025, 9, 5), dt.date(2025, 10, 5), "day", language)
    years = format_period(dt.date(2025, 9, 5), dt.date(2026, 9, 5), "day", language)

    assert len(re.findall(r"(?<!\d)5(?!\d)", months)) == 2
    assert len(re.findall(r"(?<!\d)5(?!\d)", years)) == 2
    assert "2025" in years
    assert "2026" in years
