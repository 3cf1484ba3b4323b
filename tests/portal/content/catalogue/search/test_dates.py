"""Dates in queries, and the tokens of the periods of records."""

import datetime as dt

from portal.content.catalogue.period import NO_DATE, Period
from portal.content.catalogue.search.dates import (
    date_token,
    find_dates,
    period_tokens,
)
from portal.core.translations.normal_form import fold
from tests.failures import collect_failures

WRITTEN = {
    "2018年": "2018",
    "2025年9月": "2025-09",
    "二〇二五年九月二十二日": "2025-09-22",
    "2025年9月22日至24日": "2025-09-22",
    "2025年9月22號": "2025-09-22",
    "November 2019": "2019-11",
    "22 September 2025": "2025-09-22",
    "September 22, 2025": "2025-09-22",
    "22nd of September 2025": "2025-09-22",
    "22-24 September 2025": "2025-09-22",
    "Sept 2025": "2025-09",
    "2025-09-22": "2025-09-22",
    "2025-09": "2025-09",
    "22/9/2025": "2025-09-22",
    "09/22/2025": "2025-09-22",
    "22.09.2025": "2025-09-22",
    "ngày 22/9/2025": "2025-09-22",
    "tanggal 22-09-2025": "2025-09-22",
    "วันที่ 22/9/2568": "2025-09-22",
    "ວັນທີ 22/09/2025": "2025-09-22",
    "ថ្ងៃទី ២២/០៩/២០២៥": "2025-09-22",
    "ngày 2025-09-22": "2025-09-22",
    "pada 22 September 2025": "2025-09-22",
    "dia 22 de setembro de 2025": "2025-09-22",
    "9/2025": "2025-09",
    "2568": "2025",
    "พ.ศ. 2568": "2025",
    "กันยายน 2568": "2025-09",
    "๒๒ กันยายน ๒๕๖๘": "2025-09-22",
    "22 ก.ย. 2568": "2025-09-22",
    "22 ก.ย. 68": "2025-09-22",
    "22 กันยายน พ.ศ. 68": "2025-09-22",
    "ก.ย. 68": "2025-09",
    "tháng chín năm 2025": "2025-09",
    "tháng năm 2025": "2025-05",
    "tháng năm năm 2025": "2025-05",
    "thang giêng 2025": "2025-01",
    "ngày 5 tháng mười hai năm 2018": "2018-12-05",
    "mùng 2 tháng Mười một 2018": "2018-11-02",
    "22 hb September 2025": "2025-09-22",
    "22hb. September 2025": "2025-09-22",
    "22 haribulan September 2025": "2025-09-22",
    "tháng 9 năm 2025": "2025-09",
    "thang 9 nam 2025": "2025-09",
    "ngày 22 tháng 9 năm 2025": "2025-09-22",
    "tháng 9/2025": "2025-09",
    "22 ກັນຍາ 2025": "2025-09-22",
    "ເດືອນກັນຍາ ປີ 2025": "2025-09",
    "ថ្ងៃទី២២ ខែកញ្ញា ឆ្នាំ២០២៥": "2025-09-22",
    "ខែកញ្ញា ឆ្នាំ២០២៥": "2025-09",
    "၂၀၂၅ ခုနှစ် စက်တင်ဘာလ ၂၂ ရက်": "2025-09-22",
    "၂၀၂၅ စက်တင်ဘာ": "2025-09",
    "22 Agustus 2025": "2025-08-22",
    "Ogos 2018": "2018-08",
    "Setyembre 22, 2025": "2025-09-22",
    "ika-22 ng Setyembre 2025": "2025-09-22",
    "22 de setembro de 2025": "2025-09-22",
    "setembro de 2025": "2025-09",
    # There is no such day, or no such month.
    "31 February 2024": "2024-02",
    "2024-13-45": "2024",
}


def values(text: str) -> list[str]:
    return [date.iso for date in find_dates(fold(text))]


def test_dates_are_found_as_people_write_them():
    with collect_failures() as failures:
        for text, iso in WRITTEN.items():
            with failures.case(text):
                assert values(text) == [iso]
                assert values(f"Hanoi {text} meeting") == [iso]


def test_other_numbers_are_no_dates():
    # Of two numbers after a Thai month, one up to 31 may be a day.
    for text in (
        "ก.ย. 22",
        "ปี 68",
        "September 68",
        "mười hai",
        "15",
        "DOC-0007",
        "1850",
        "20250",
        "12345678",
        "May",
        "tháng 9",
        "",
    ):
        assert values(text) == [], text


def test_name_of_viet_nam_is_not_the_word_for_year():
    folded = fold("Viet Nam 2025")
    [date] = find_dates(folded)

    assert folded[date.start : date.end].strip() == "2025"


def test_several_dates_are_found_in_order():
    assert values("from November 2019 to 22 September 2025") == [
        "2019-11",
        "2025-09-22",
    ]


def test_period_has_tokens_at_its_precision():
    first, last = dt.date(2025, 9, 30), dt.date(2025, 10, 1)

    assert period_tokens(NO_DATE) == []
    assert period_tokens(Period(dt.date(2008, 1, 1), None, "year")) == [
        date_token("2008")
    ]
    assert period_tokens(Period(dt.date(2019, 11, 1), None, "month")) == [
        date_token("2019"),
        date_token("2019-11"),
    ]
    assert period_tokens(Period(first, last, "day")) == [
        date_token(value)
        for value in ("2025", "2025-09", "2025-10", "2025-09-30", "2025-10-01")
    ]


def test_tokens_of_a_long_period_are_limited():
    period = Period(dt.date(1950, 1, 1), dt.date(2050, 12, 31), "day")

    assert len(period_tokens(period)) < 250


def test_repeated_words_of_dates_do_not_take_long():
    """Each text took minutes with patterns that try every division of the words."""
    for text in ("ခုနှစ်" * 33, "ปี" * 100, "ngay " * 40, "1 of the " * 22, "1-" * 100):
        assert values(text) == [], text


def test_words_before_a_date_belong_to_it():
    for text in ("ngày 22/9/2025", "วันที่ 22/9/2568", "tanggal 22 September 2025"):
        [date] = find_dates(fold(text))
        assert (date.start, date.end) == (0, len(fold(text))), text
