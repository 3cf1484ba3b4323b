"""Dates and times in the staff admin."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation

TIME = dt.datetime(2026, 11, 30, 17, 40, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "1 December 2026, 01:40 | 1 December 2026 | 1 Dec 2026, 01:40"),
        ("zh-hans", "2026年12月1日 01:40 | 2026年12月1日 | 2026年12月1日 01:40"),
    ],
)
def test_dates_have_the_day_first_and_24_hours(language, expected):
    template = Template(
        "{{ time }} | {{ day }} | {{ time|date:'SHORT_DATETIME_FORMAT' }}"
    )

    context = {"time": TIME, "day": dt.date(2026, 12, 1)}

    with translation.override(language):
        assert template.render(Context(context)) == expected


def test_midnight_and_noon_are_times():
    with translation.override("en"):
        times = [dt.time(0, 0), dt.time(12, 0)]
        text = Template("{{ times.0 }} {{ times.1 }}").render(Context({"times": times}))

    assert text == "00:00 12:00"
