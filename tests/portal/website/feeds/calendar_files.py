"""Helpers that read the calendar file of the portal with an iCalendar library."""

import datetime as dt

from icalendar import Calendar

from tests.factories.directory import any_country, place

HOUR = dt.timedelta(hours=1)
DAYS = {
    "starts_on": dt.date(2025, 9, 22),
    "ends_on": dt.date(2025, 9, 24),
    "date_precision": "day",
}


def body(client, query="", language="en") -> bytes:
    response = client.get(f"/{language}/calendar.ics{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content


def events(client, query="", language="en"):
    return Calendar.from_ical(body(client, query, language)).walk("VEVENT")


def event_properties(event) -> dict:
    """Return the properties of ``event`` as Python values, without CATEGORIES."""
    return {name: event.decoded(name) for name in event if name != "CATEGORIES"}


def nanning():
    known = any_country("CN")
    return place("nanning", country=known, time_zone="Asia/Shanghai", name_th="หนานหนิง")
