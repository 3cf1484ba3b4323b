"""What is written is what two other programs read."""

import datetime as dt

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from portal.feeds.icalendar import day, folded, line, local, moment, text

# Every character that a title may hold; controls are left out on purpose by ``text``.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
    | st.sampled_from("\n,;\\:\"'ผู้检𠮷"),
    max_size=200,
)


def whole(*lines: str) -> bytes:
    calendar = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"]
    event = ["BEGIN:VEVENT", "UID:one", "DTSTAMP:20250922T010203Z", *lines]
    return folded([*calendar, *event, "END:VEVENT", "END:VCALENDAR"])


@pytest.mark.parametrize(
    ("given_text", "written"),
    [
        ("a, b; c\\d", "a\\, b\\; c\\\\d"),
        ("one\ntwo\r\nthree\rfour", "one\\ntwo\\nthree\\nfour"),
        ("one\u2028two\u2029three\x85four\x0bfive", "one\\ntwo\\nthree\\nfour\\nfive"),
        ("bell\x07, null\x00, delete\x7f", "bell\\, null\\, delete"),
        ("a: \"b\" 'c'", "a: \"b\" 'c'"),
    ],
)
def test_text_is_escaped_and_has_no_controls(given_text, written):
    assert text(given_text) == written


def test_days_and_moments_are_written_as_the_format_has_them():
    nine = dt.datetime(2025, 10, 29, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))

    assert day(dt.date(987, 1, 2)) == "09870102"
    assert moment(nine) == "20251029T013000Z"
    assert local(nine) == "20251029T093000"


def test_line_leaves_out_empty_parameters():
    assert line("SUMMARY", "Opening", LANGUAGE="en") == "SUMMARY;LANGUAGE=en:Opening"
    assert line("SUMMARY", "Opening", LANGUAGE="") == "SUMMARY:Opening"


@pytest.mark.parametrize("length", [74, 75, 76, 149, 150])
def test_line_of_this_length_is_folded_at_75_octets(length):
    written = folded(["X" * length]).split(b"\r\n")

    assert written.pop() == b""
    assert [len(part) for part in written[:-1]] == [75] * (len(written) - 1)
    assert len(written[-1]) <= 75
    assert b"".join([written[0], *[part[1:] for part in written[1:]]]) == b"X" * length


@given(TEXTS)
def test_no_line_is_longer_and_no_character_is_cut(value):
    written = folded([line("SUMMARY", text(value), LANGUAGE="th")])

    for part in written.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(part) <= 75
        part.decode()  # each half is whole characters


@given(TEXTS)
def test_icalendar_reads_what_was_written(value):
    read = Calendar.from_ical(whole(line("SUMMARY", text(value), LANGUAGE="th")))

    event = read.walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == value
    assert event["SUMMARY"].params["LANGUAGE"] == "th"


@given(TEXTS)
def test_vobject_reads_what_was_written(value):
    # It strips what stands at the ends of a line, as it may: RFC 5545 is silent there.
    value = f"<{value}>"

    read = vobject.readOne(whole(line("SUMMARY", text(value))).decode())

    assert read.vevent.summary.value == value
