"""Escaping and folding of iCalendar lines, checked with two independent parsers."""

import datetime as dt

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from portal.website.feeds.icalendar import (
    content_line,
    escape_text,
    fold_lines,
    format_date,
    format_local,
    format_utc,
)

# Every character allowed in a title; ``text`` removes control characters.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
    | st.sampled_from("\n,;\\:\"'ผู้检𠮷"),
    max_size=200,
)


def calendar_of(*lines: str) -> bytes:
    calendar = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"]
    event = ["BEGIN:VEVENT", "UID:one", "DTSTAMP:20250922T010203Z", *lines]
    return fold_lines([*calendar, *event, "END:VEVENT", "END:VCALENDAR"])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a, b; c\\d", "a\\, b\\; c\\\\d"),
        ("one\ntwo\r\nthree\rfour", "one\\ntwo\\nthree\\nfour"),
        ("one\u2028two\u2029three\x85four\x0bfive", "one\\ntwo\\nthree\\nfour\\nfive"),
        ("bell\x07, null\x00, delete\x7f", "bell\\, null\\, delete"),
        ("a: \"b\" 'c'", "a: \"b\" 'c'"),
    ],
)
def test_text_is_escaped_and_has_no_controls(text, written):
    assert escape_text(text) == written


def test_dates_and_datetimes_are_formatted():
    nine = dt.datetime(2025, 10, 29, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))

    assert format_date(dt.date(987, 1, 2)) == "09870102"
    assert format_utc(nine) == "20251029T013000Z"
    assert format_local(nine) == "20251029T093000"


def test_line_leaves_out_empty_parameters():
    assert (
        content_line("SUMMARY", "Opening", LANGUAGE="en")
        == "SUMMARY;LANGUAGE=en:Opening"
    )
    assert content_line("SUMMARY", "Opening", LANGUAGE="") == "SUMMARY:Opening"


@pytest.mark.parametrize("length", [74, 75, 76, 149, 150])
def test_long_line_is_folded_at_75_octets(length):
    written = fold_lines(["X" * length]).split(b"\r\n")

    assert written.pop() == b""
    assert [len(part) for part in written[:-1]] == [75] * (len(written) - 1)
    assert len(written[-1]) <= 75
    assert b"".join([written[0], *[part[1:] for part in written[1:]]]) == b"X" * length


@given(TEXTS)
def test_folding_never_exceeds_limit_or_splits_characters(value):
    written = fold_lines([content_line("SUMMARY", escape_text(value), LANGUAGE="th")])

    for part in written.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(part) <= 75
        part.decode()  # fails if a character is cut


@given(TEXTS)
def test_icalendar_round_trip(value):
    parsed = Calendar.from_ical(
        calendar_of(content_line("SUMMARY", escape_text(value), LANGUAGE="th"))
    )

    event = parsed.walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == value
    assert event["SUMMARY"].params["LANGUAGE"] == "th"


@given(TEXTS)
def test_vobject_round_trip(value):
    # vobject strips spaces at both ends of a value, on which RFC 5545 is silent.
    value = f"<{value}>"

    parsed = vobject.readOne(
        calendar_of(content_line("SUMMARY", escape_text(value))).decode()
    )

    assert parsed.vevent.summary.value == value
