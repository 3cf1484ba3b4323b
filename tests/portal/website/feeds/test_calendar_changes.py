"""Calendar file: sequence numbers after changes, and sessions of seminars."""

import datetime as dt

import pytest
import vobject

from portal.content.catalogue import operations as catalogue
from portal.content.catalogue.content_digest import row_value
from portal.website.feeds.identifiers import event_uid
from tests import reviewing
from tests.factories.directory import place
from tests.factories.publishing import AT, actor, published, republished, withdrawn
from tests.factories.seminars import seminar, session
from tests.portal.website.feeds.calendar_files import body, events, nanning

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DAYS = {
    "starts_on": dt.date(2025, 9, 22),
    "ends_on": dt.date(2025, 9, 24),
    "date_precision": "day",
}


# ------------------------------------------------------------------- sequence numbers


def change(record, **values):
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    republished(record, at=AT + HOUR)


def numbers(client) -> tuple:
    [event] = events(client)
    return int(event["SEQUENCE"]), event.decoded("LAST-MODIFIED")


def test_save_without_visible_change_keeps_sequence(client):
    record = published(seminar(**DAYS))
    before = body(client)

    change(record)
    change(record, remark_en="A doubt about the number of participants.")

    assert body(client) == before
    assert record.revision == 3


@pytest.mark.parametrize(
    "values",
    [
        {"starts_on": dt.date(2025, 9, 21)},
        {"ends_on": None},
        {"state": "cancelled"},
        {"title_en": "Another title"},
        {"summary_en": "A summary"},
    ],
)
def test_visible_change_increments_sequence(values, client):
    record = published(seminar(state="planned", **DAYS))

    change(record, **values)

    assert numbers(client) == (2, AT + HOUR)


def test_place_rename_increments_sequence(client):
    city = nanning()
    published(seminar(places=[city], **DAYS))
    city.name_en = "Another name"
    city.save()

    catalogue.refresh_all(axis="row", values=[row_value(city)], at=AT + HOUR)

    assert numbers(client) == (2, AT + HOUR)


def test_sequence_never_decreases_after_withdrawal(client):
    record = published(seminar(**DAYS))
    change(record, title_en="Another title")
    reviewing.withdraw(record, by=actor(), at=AT + HOUR)
    reviewing.return_to_draft(record, by=actor(), at=AT + HOUR)

    published(record, at=AT + 2 * HOUR)

    assert numbers(client) == (3, AT + 2 * HOUR)


# --------------------------------------------------------------------------- sessions


def test_session_event_uses_place_time_zone(client):
    record = seminar(
        "SEM-0001", title_en="Sample", state="held", places=[nanning()], **DAYS
    )
    opening = session(
        record,
        title_en="Opening",
        starts_at=dt.datetime(2025, 9, 22, 1, 30, tzinfo=dt.UTC),
        ends_at=dt.datetime(2025, 9, 22, 3, 0, tzinfo=dt.UTC),
    )
    published(record)

    seminar_event, session_event = events(client)

    assert session_event["UID"] == event_uid("seminar", "SEM-0001", str(opening.pk))
    assert session_event["RELATED-TO"] == seminar_event["UID"]
    assert session_event["RELATED-TO"].params["RELTYPE"] == "PARENT"
    assert session_event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert session_event["DTSTART"].dt == dt.datetime(
        2025, 9, 22, 9, 30, tzinfo=session_event["DTSTART"].dt.tzinfo
    )
    assert session_event.decoded("DTEND").astimezone(dt.UTC) == opening.ends_at
    assert (session_event["SUMMARY"], session_event["DESCRIPTION"]) == (
        "Opening",
        "Sample",
    )
    assert (session_event["LOCATION"], session_event["STATUS"]) == (
        "Nanning",
        "CONFIRMED",
    )


def test_each_session_time_zone_is_written_once(client):
    hanoi = place("ha-noi", time_zone="Asia/Ho_Chi_Minh")
    record = seminar(places=[nanning()], **DAYS)
    at = dt.datetime(2025, 9, 22, 1, 30, tzinfo=dt.UTC)
    session(record, starts_at=at)
    session(record, starts_at=at, place=hanoi)
    session(record, starts_at=at + HOUR, place=hanoi)
    published(record)

    calendar = vobject.readOne(body(client).decode())

    zones = sorted(zone.tzid.value for zone in calendar.vtimezone_list)
    assert zones == ["Asia/Ho_Chi_Minh", "Asia/Shanghai"]
    starts = [event.dtstart.value for event in calendar.vevent_list[1:]]
    assert [start.hour for start in starts] == [9, 8, 9]
    assert [start.astimezone(dt.UTC) for start in starts] == [at, at, at + HOUR]


def test_session_without_time_or_of_a_hidden_seminar_is_not_exported(client):
    public, hidden = seminar(**DAYS), seminar(**DAYS)
    session(public, title_en="Without time")
    at = dt.datetime(2025, 9, 22, 1, 30, tzinfo=dt.UTC)
    session(hidden, title_en="Hidden", starts_at=at)
    published(public)
    withdrawn(hidden)

    assert len(events(client)) == 1


def test_untitled_session_uses_kind_label(client):
    record = seminar(**DAYS)
    at = dt.datetime(2025, 9, 22, 1, 30, tzinfo=dt.UTC)
    session(record, title_en="", session_kind="closing", starts_at=at)
    published(record)

    _seminar_event, session_event = events(client)

    assert session_event["SUMMARY"] == "Closing"
    assert "DTEND" not in session_event


def test_session_change_increments_sequence(client):
    record = seminar(**DAYS)
    row = session(record, starts_at=dt.datetime(2025, 9, 22, 1, 30, tzinfo=dt.UTC))
    published(record)
    row.starts_at += HOUR
    row.save()

    change(record)

    assert [int(event["SEQUENCE"]) for event in events(client)] == [2, 2]


@pytest.mark.parametrize("rows", [1, 3])
def test_calendar_query_count_is_constant(rows, client, django_assert_num_queries):
    for _number in range(rows):
        record = seminar(places=[nanning() if not _number else place()], **DAYS)
        session(record, starts_at=dt.datetime(2025, 9, 22, 1, 30, tzinfo=dt.UTC))
        published(record)

    with django_assert_num_queries(5):
        client.get("/en/calendar.ics")
