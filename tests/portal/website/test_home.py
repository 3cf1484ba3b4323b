"""Home page: featured conference, upcoming events and latest records."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.content.figures.models import ReportedFigure
from tests.factories.conference import article, document, edition
from tests.factories.delegations import visit
from tests.factories.directory import organ
from tests.factories.figures import reported_figure
from tests.factories.publishing import published, published_together, source
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.page_html import section_of, text_of

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dict:
    """Return the date fields of a one-day event ``days`` days from today."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return {"starts_on": day, "ends_on": day, "date_precision": "day"}


def codes(cards) -> list[str]:
    return [card.code for card in cards]


def test_latest_excludes_undated_pageless_and_edition_records(client):
    day = {"date_precision": "day"}
    published_together(
        article("a", reported_on=dt.date(2025, 1, 2), **day),
        document("DOC-0001", signed_on=dt.date(2025, 1, 3), **day),
        edition(15, starts_on=dt.date(2025, 1, 4), **day),
        organ("cn-gx"),
        reported_figure("sample-figure"),
    )

    latest = client.get("/en/").context["latest"]

    assert [(card.kind, card.code) for card in latest] == [
        ("document", "DOC-0001"),
        ("article", "a"),
    ]


def test_counted_figures_say_what_is_counted(client):
    published(seminar("SEM-0001", **in_days(-9)))

    section = section_of(text_of(client, "/en/"), "in-figures")

    before, figures = section.split('<ul class="figure-band">')
    assert "These figures count what is recorded on this website." in before
    assert '<a href="/en/figures/#definitions">What is included</a>' in before
    assert "Seminars" in figures
    assert 'id="definitions"' in text_of(client, "/en/figures/")


def test_latest_records_link_to_the_list_of_all_records(client):
    published(visit("VIS-0001", **in_days(-1)))

    section = section_of(text_of(client, "/en/"), "latest")

    assert (
        '<a class="section__more" href="/en/updates/">Recently updated</a>' in section
    )
    assert section.count('href="/en/updates/"') == 1
    assert 'href="/en/news/"' not in section


# States of editions by number, and the number of the edition that is shown first.
HEROES = [
    ({1: "held", 2: "held"}, "2"),
    ({1: "held", 2: "held", 3: "planned", 4: "planned"}, "3"),
    ({1: "held", 2: "postponed"}, "1"),
    ({1: "", 2: "cancelled"}, "1"),
    ({1: "cancelled"}, None),
]


def test_hero_is_next_edition_or_latest_held(client):
    with collect_failures() as failures:
        for editions, hero in HEROES:
            with failures.isolated_case(editions):
                published_together(
                    *(
                        edition(number, state=state)
                        for number, state in editions.items()
                    )
                )

                hero_entry = client.get("/en/").context["hero"]

                assert (hero_entry.code if hero_entry else None) == hero


def test_past_planned_edition_is_not_next(client):
    published(edition(1, state="held", **in_days(-400)))
    published(edition(2, state="planned", **in_days(-1)))

    assert client.get("/en/").context["hero"].code == "1"


HELD = {"state": "held"}
PLANNED = {"state": "planned"}


def editions_by_case() -> dict[str, tuple[dict, str, str]]:
    """Return case → (editions by number, number of the first one, its label).

    A function, because the dates are counted from the day on which the test runs.
    """
    return {
        "newest date, not highest number": (
            {15: in_days(-40) | HELD, 16: in_days(-400) | HELD},
            "15",
            "Latest conference",
        ),
        "dated before undated": (
            {14: in_days(-400) | HELD, 16: HELD},
            "14",
            "Latest conference",
        ),
        "higher number of one day": (
            {14: in_days(-40) | HELD, 16: in_days(-40) | HELD},
            "16",
            "Latest conference",
        ),
        "undated": ({2: HELD, 10: HELD}, "10", "Latest conference"),
        "soonest of two planned": (
            {16: in_days(700) | PLANNED, 17: in_days(300) | PLANNED},
            "17",
            "Next conference",
        ),
        "lower number of one day to come": (
            {16: in_days(300) | PLANNED, 17: in_days(300) | PLANNED},
            "16",
            "Next conference",
        ),
        "planned with a date before planned without one": (
            {16: PLANNED, 17: in_days(300) | PLANNED},
            "17",
            "Next conference",
        ),
        "undated plan of an edition before the latest": (
            {15: PLANNED, 16: in_days(-40) | HELD},
            "16",
            "Latest conference",
        ),
        "undated plan of the edition after the latest": (
            {15: in_days(-400) | HELD, 16: PLANNED},
            "16",
            "Next conference",
        ),
        "postponed": (
            {15: in_days(-400) | HELD, 16: in_days(300) | {"state": "postponed"}},
            "15",
            "Latest conference",
        ),
        "cancelled": (
            {15: in_days(-400) | HELD, 16: in_days(300) | {"state": "cancelled"}},
            "15",
            "Latest conference",
        ),
        "date to come without a state": (
            {15: in_days(-400) | HELD, 14: in_days(300) | {"state": ""}},
            "14",
            "Next conference",
        ),
    }


def test_home_begins_with_the_edition_of_the_newest_date(client):
    with collect_failures() as failures:
        for name, (editions, hero, label) in editions_by_case().items():
            with failures.isolated_case(name):
                published_together(
                    *(edition(number, **values) for number, values in editions.items())
                )

                response = client.get("/en/")

                page = response.content.decode()
                assert response.context["hero"].code == hero
                assert label in page
                assert page.count("timeline__item--now") == 1


def test_upcoming_starts_today_and_is_excluded_from_latest(client):
    signed = {"signed_on": in_days(3)["starts_on"], "date_precision": "day"}
    published_together(
        visit("VIS-0001", **in_days(0)),
        visit("VIS-0002", **in_days(-1)),
        seminar("SEM-0001", **in_days(9)),
        seminar("SEM-0002", **in_days(2)),
        seminar("SEM-0003"),
        edition(15, state="planned", **in_days(5)),
        document("DOC-0001", **signed),
    )
    visit("VIS-0009", **in_days(1))

    context = client.get("/en/").context

    assert codes(context["upcoming"]) == ["VIS-0001", "SEM-0002", "SEM-0001"]
    assert set(codes(context["latest"])) == {"DOC-0001", "VIS-0002", "SEM-0003"}


def test_no_upcoming_heading_without_events(client):
    published(visit("VIS-0002", **in_days(-1)))

    assert b'id="upcoming"' not in client.get("/en/").content


def test_edition_timeline_is_sorted_by_number(client):
    published_together(*(edition(number, state="held") for number in (10, 2, 9)))

    page = client.get("/en/").content.decode()

    rings = [
        part.split("<")[0]
        for part in page.split('class="timeline__ring" aria-hidden="true">')[1:]
    ]
    assert rings == ["2", "9", "10"]
    assert page.count("timeline__item--now") == 1


def test_totals_reported_by_others_are_next_to_the_counted_ones(client):
    published_together(
        seminar("SEM-0001", **in_days(-9)),
        visit("VIS-0001", **in_days(-9)),
        reported_figure("older", as_of=dt.date(2017, 12, 31), text_en="Older total."),
        reported_figure("seminars", text_en="Seven sample seminars."),
        reported_figure("countries", value=6, text_en="Six sample countries."),
        reported_figure(
            "no-number", value=None, qualifier="a-number-of", text_en="Some seminars."
        ),
        reported_figure("meetings", subject="meetings", text_en="Sample meetings."),
    )
    source(ReportedFigure.objects.get(key="seminars"), url="https://example.org/news")
    reported_figure("draft", as_of=dt.date(2020, 12, 31), text_en="Draft total.")

    response = client.get("/en/")

    totals = response.context["reported_totals"]
    assert [(indicator.code, figure.key) for indicator, figure, _sources in totals] == [
        ("seminars", "seminars")
    ]
    page = response.content.decode()
    assert "Seven sample seminars." in page
    assert (
        '<a href="https://example.org/news" rel="external noopener noreferrer">' in page
    )
    for text in ("Older", "Six sample", "Some seminars", "Sample meetings", "Draft"):
        assert text not in page


def test_total_of_visiting_countries_is_next_to_the_counted_visits(client):
    published_together(
        visit("VIS-0001", **in_days(-9)),
        reported_figure("countries", subject="visit_countries", text_en="Eight."),
    )

    totals = client.get("/en/").context["reported_totals"]

    assert [(indicator.code, figure.key) for indicator, figure, _sources in totals] == [
        ("visits-in", "countries")
    ]


def test_reported_totals_need_a_counted_figure(client):
    published(reported_figure("seminars", text_en="Seven sample seminars."))

    assert not client.get("/en/").context["reported_totals"]
