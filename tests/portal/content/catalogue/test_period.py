import datetime as dt

import pytest

from portal.content.catalogue.period import NO_DATE, Period

FIRST, LAST = dt.date(2025, 9, 22), dt.date(2025, 9, 24)


@pytest.mark.parametrize(
    ("period", "iso", "last_day"),
    [
        (Period(FIRST, LAST, "day"), "2025-09-22/2025-09-24", LAST),
        (Period(FIRST, None, "day"), "2025-09-22", FIRST),
        (Period(dt.date(2017, 9, 1), None, "month"), "2017-09", dt.date(2017, 9, 30)),
        (Period(dt.date(2024, 2, 1), None, "month"), "2024-02", dt.date(2024, 2, 29)),
        (Period(dt.date(2023, 2, 1), None, "month"), "2023-02", dt.date(2023, 2, 28)),
        (Period(dt.date(2017, 12, 1), None, "month"), "2017-12", dt.date(2017, 12, 31)),
        (Period(dt.date(2017, 1, 1), None, "year"), "2017", dt.date(2017, 12, 31)),
        (NO_DATE, "", None),
    ],
)
def test_period_iso_format_follows_precision(period, iso, last_day):
    assert (period.iso, period.last_day) == (iso, last_day)


def test_period_without_date_is_false():
    assert not NO_DATE
    assert Period(FIRST, None, "day")
