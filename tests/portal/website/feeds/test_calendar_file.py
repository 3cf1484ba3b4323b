"""Calendar file ``/<lang>/calendar.ics``: public events with an exact date."""

import datetime as dt

import pytest
import vobject
from icalendar import Calendar

from portal.website.feeds.identifiers import event_uid
from tests.factories.conference import article, document, edition
from tests.factories.delegations import visit
from tests.factories.directory import country, place, topic
from tests.factories.exchanges import meeting
from tests.factories.publishing import (
    AT,
    published,
    published_together,
    scheduled,
    withdrawn,
)
from tests.factories.seminars import seminar, session
from tests.failures import collect_failures
from tests.portal.website.feeds.calendar_files import (
    body,
    event_properties,
    events,
    nanning,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DAYS = {
    "starts_on": dt.date(2025, 9, 22),
    "ends_on": dt.date(2025, 9, 24),
    "date_precision": "day",
}


def test_event_matches_record(client):
    published(
        seminar(
            "SEM-0001",
            title_en="Seminar, with; signs",
            summary_en="One\ntwo",
            state="held",
            places=[nanning()],
            topics=[topic("training", name_en="Training"), topic("law", name_en="Law")],
            **DAYS,
        )
    )

    [event] = events(client)

    assert event_properties(event) == {
        "UID": event_uid("seminar", "SEM-0001"),
        "DTSTAMP": AT,
        "LAST-MODIFIED": AT,
        "SEQUENCE": 1,
        "DTSTART": dt.date(2025, 9, 22),
        "DTEND": dt.date(2025, 9, 25),
        "SUMMARY": "Seminar, with; signs",
        "DESCRIPTION": "One\ntwo",
        "LOCATION": "Nanning",
        "STATUS": "CONFIRMED",
        "URL": "http://testserver/en/seminars/SEM-0001/",
        "TRANSP": "TRANSPARENT",
    }
    assert event["CATEGORIES"].cats == ["Seminar", "Training", "Law"]
    assert event["CATEGORIES"].params["LANGUAGE"] == "en"


def test_categories_are_values_of_one_property_with_their_own_commas_escaped(client):
    topics = [
        topic("law", name_en="Law, treaties; and \\ practice"),
        topic("training", name_en="Training", name_th="การฝึกอบรม"),
    ]
    published(seminar(topics=topics, **DAYS))

    english = body(client).replace(b"\r\n ", b"").decode()
    [event] = events(client)
    [thai] = events(client, language="th")

    assert english.count("CATEGORIES") == 1
    assert (
        "CATEGORIES;LANGUAGE=en:"
        "Seminar,Law\\, treaties\\; and \\\\ practice,Training\r\n"
    ) in english
    assert event["CATEGORIES"].cats == [
        "Seminar",
        "Law, treaties; and \\ practice",
        "Training",
    ]
    # LANGUAGE is left out where the categories are in different languages.
    assert "LANGUAGE" not in thai["CATEGORIES"].params
    assert "การฝึกอบรม" in thai["CATEGORIES"].cats


def test_no_property_occurs_twice_in_a_component(client):
    """Some libraries reject repeated properties even where RFC 5545 allows them."""
    topics = [topic("training"), topic("law")]
    record = seminar(
        "SEM-0001",
        summary_en="About",
        state="held",
        topics=topics,
        places=[nanning(), place("fangchenggang", name_en="Fangchenggang")],
        **DAYS,
    )
    part = {"starts_at": AT, "ends_at": AT + HOUR, "session_kind": "opening"}
    session(record, position=1, **part)
    session(record, position=2, **part)
    published(record)
    published(meeting("MTG-0001", topics=topics, state="postponed", **DAYS))
    # Repeated names within VTIMEZONE are separate components, not properties.
    components = Calendar.from_ical(body(client)).walk()

    assert [part.name for part in components].count("VEVENT") == 4
    assert [
        (part.name, name)
        for part in components
        for name, value in part.items()
        if isinstance(value, list)
    ] == []


def test_second_ical_parser_agrees(client):
    published(seminar("SEM-0001", title_en="研修班 " * 30, places=[nanning()], **DAYS))

    calendar = vobject.readOne(body(client).decode())

    event = calendar.vevent
    assert event.summary.value == ("研修班 " * 30)
    assert event.summary.params["LANGUAGE"] == ["en"]
    assert event.dtstart.value == dt.date(2025, 9, 22)
    assert event.dtend.value == dt.date(2025, 9, 25)
    assert event.location.value == "Nanning"


STATES = {
    "planned": ("TENTATIVE", "Sample"),
    "held": ("CONFIRMED", "Sample"),
    "cancelled": ("CANCELLED", "Sample"),
    "postponed": ("CANCELLED", "Postponed: Sample"),
    "": (None, "Sample"),
}


def test_state_maps_to_ical_status(client):
    records = published_together(
        *(seminar(title_en="Sample", state=state, **DAYS) for state in STATES)
    )
    states = {event_uid("seminar", record.code): record.state for record in records}

    written = {
        states[str(event["UID"])]: (event.get("STATUS"), event["SUMMARY"])
        for event in events(client)
    }

    assert written == STATES


def test_event_without_exact_day_is_not_exported(client):
    published_together(
        *(
            seminar(
                starts_on=dt.date(2017, 9, 1) if precision else None,
                date_precision=precision,
            )
            for precision in ("month", "year", "")
        )
    )

    assert events(client) == []


def test_only_published_events_are_exported(client):
    days = {"starts_on": dt.date(2025, 9, 22), "date_precision": "day"}
    published_together(
        edition(15, **days),
        seminar("SEM-0001", **days),
        visit("VIS-0001", **days),
        meeting("MTG-0001", **days),
        article(reported_on=days["starts_on"], date_precision="day"),
        document(signed_on=days["starts_on"], date_precision="day"),
    )
    seminar("SEM-0002", **days)
    withdrawn(seminar("SEM-0003", **days))
    scheduled(seminar("SEM-0004", **days), AT + HOUR)

    assert {str(event["UID"]) for event in events(client)} == {
        event_uid("edition", "15"),
        event_uid("seminar", "SEM-0001"),
        event_uid("visit", "VIS-0001"),
        event_uid("meeting", "MTG-0001"),
    }


FILTERS = [
    ("?country=VN", {"SEM-0001"}),
    ("?country=vn", {"SEM-0001"}),
    ("?kind=seminar", {"SEM-0001", "SEM-0002"}),
    ("?kind=visit", {"VIS-0001"}),
    ("?kind=prosecutors", {"SEM-0002"}),
    ("?kind=organ", set()),
    ("?year=2024", {"SEM-0002"}),
    ("?from=2025-01-01&to=2025-12-31", {"SEM-0001", "VIS-0001"}),
    ("?as_of=2024-12-31", {"SEM-0002"}),
    ("?scope=related", {"SEM-0001"}),
    ("?direction=inbound", {"VIS-0001"}),
    ("?topic=law", {"SEM-0001"}),
    ("?state=planned", {"SEM-0002"}),
    ("?unheard=of&page=7", {"SEM-0001", "SEM-0002", "VIS-0001"}),
]


def test_filters_match_list_pages(client):
    vietnam, laos, china = country("VN"), country("LA"), country("CN")
    subject = {"topics": [topic("law")], "participating_countries": [vietnam]}
    old = {"starts_on": dt.date(2024, 5, 6), "date_precision": "day"}
    route = {"direction": "inbound", "from_country": laos, "to_country": china}
    published_together(
        vietnam,
        seminar("SEM-0001", scope="related", **subject, **DAYS),
        seminar("SEM-0002", audience="prosecutors", state="planned", **old),
        visit("VIS-0001", **route, **DAYS),
    )

    with collect_failures() as failures:
        for query, codes in FILTERS:
            with failures.isolated_case(query):
                addresses = {
                    str(event["URL"]).rstrip("/").split("/")[-1]
                    for event in events(client, query)
                }

                assert addresses == codes


def test_uid_is_stable_across_languages_and_hosts(client):
    published(seminar("SEM-0001", title_en="Sample", title_th="ตัวอย่าง", **DAYS))

    uids = {str(events(client, language=code)[0]["UID"]) for code in ("en", "th", "km")}
    from_other_host = client.get("/en/calendar.ics", headers={"host": "localhost"})

    assert uids == {event_uid("seminar", "SEM-0001")}
    assert next(iter(uids)).encode() in from_other_host.content
    assert b"testserver" not in from_other_host.content


def test_texts_carry_actual_language(client):
    published(
        seminar(
            title_en="Sample",
            title_th="ตัวอย่าง",
            summary_en="About",
            places=[nanning()],
            **DAYS,
        )
    )

    [event] = events(client, language="th")

    assert [str(event[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION")] == [
        "ตัวอย่าง",
        "About",
        "หนานหนิง",
    ]
    tags = [event[n].params["LANGUAGE"] for n in ("SUMMARY", "DESCRIPTION", "LOCATION")]
    assert tags == ["th", "en", "th"]


def test_empty_calendar_is_valid(client):
    calendar = Calendar.from_ical(body(client, "?kind=seminar"))

    assert (
        str(calendar["X-WR-CALNAME"])
        == "China-ASEAN Prosecutors-General Conference (Seminars)"
    )
    assert str(calendar["NAME"]) == str(calendar["X-WR-CALNAME"])
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]


def test_calendar_bytes_are_independent_of_request_time(client, time_machine):
    published(seminar(**DAYS))
    time_machine.move_to(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    first = body(client)

    time_machine.move_to(dt.datetime(2027, 6, 1, tzinfo=dt.UTC))

    assert body(client) == first


def test_event_on_maximum_date_has_no_dtend(client):
    last = dt.date(9999, 12, 31)
    published(seminar(starts_on=last, date_precision="day"))

    [event] = events(client)

    assert event.decoded("DTSTART") == last
    assert "DTEND" not in event
