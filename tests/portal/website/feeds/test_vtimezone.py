import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from portal.website.feeds.icalendar import fold_lines
from portal.website.feeds.vtimezone import vtimezone_lines


def parse_vtimezone(key: str, first: int, last: int):
    """Return the VTIMEZONE of ``key`` for these years, read back by icalendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"]
    written = fold_lines([*lines, *vtimezone_lines(key, first, last), "END:VCALENDAR"])
    zone = Calendar.from_ical(written).walk("VTIMEZONE")[0]
    assert zone["TZID"] == key
    return zone


@pytest.mark.parametrize(
    ("key", "offset", "name"),
    [
        ("Asia/Shanghai", "+0800", "CST"),
        ("Asia/Ho_Chi_Minh", "+0700", "+07"),
        ("Asia/Yangon", "+0630", "+0630"),
        ("Asia/Dili", "+0900", "+09"),
    ],
)
def test_zone_without_dst_has_one_rule(key, offset, name):
    assert vtimezone_lines(key, 2024, 2025) == (
        "BEGIN:VTIMEZONE",
        f"TZID:{key}",
        "BEGIN:STANDARD",
        *[
            line
            for line in vtimezone_lines(key, 2024, 2025)
            if line.startswith("DTSTART")
        ],
        f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}",
        f"TZNAME:{name}",
        "END:STANDARD",
        "END:VTIMEZONE",
    )


def test_first_rule_starts_before_first_utc_year():
    begins = [
        line
        for line in vtimezone_lines("Asia/Shanghai", 2025, 2025)
        if "DTSTART" in line
    ]

    assert begins == ["DTSTART:20241231T080000"]


def test_dst_start_uses_previous_offset():
    rules = [
        (
            rule.name,
            str(rule["DTSTART"].dt),
            rule["TZOFFSETFROM"].td,
            rule["TZOFFSETTO"].td,
        )
        for rule in parse_vtimezone("Europe/Lisbon", 2025, 2025).subcomponents
    ]

    winter, summer = dt.timedelta(0), dt.timedelta(hours=1)
    assert rules == [
        ("STANDARD", "2024-12-31 00:00:00", winter, winter),
        ("DAYLIGHT", "2025-03-30 01:00:00", winter, summer),
        ("STANDARD", "2025-10-26 02:00:00", summer, winter),
    ]


@pytest.mark.parametrize(
    ("key", "year"),
    [
        ("Asia/Shanghai", 1990),  # had summer time until 1991
        ("Asia/Singapore", 1982),  # changed from UTC+7:30 to UTC+8
        ("Asia/Dili", 2000),  # changed from UTC+8 to UTC+9
        ("Asia/Ho_Chi_Minh", 2025),
        ("America/St_Johns", 2025),
    ],
)
def test_vtimezone_matches_tz_database(key, year):
    zone, real = parse_vtimezone(key, year, year).to_tz(), ZoneInfo(key)
    noon = dt.datetime(year, 1, 1, 12, tzinfo=real)

    days = [noon + dt.timedelta(days=number) for number in range(0, 365, 3)]

    offsets = [day.replace(tzinfo=zone).utcoffset() for day in days]
    assert offsets == [day.utcoffset() for day in days]
