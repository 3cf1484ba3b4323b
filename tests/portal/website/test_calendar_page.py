"""/<lang>/calendar/: a month as a table and as a list."""

import datetime as dt
import re

import pytest

from tests.factories.conference import article, edition
from tests.factories.directory import country
from tests.factories.publishing import published, published_together, withdrawn
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.page_html import text_of

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2025, 9, 23, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def autumn_of_2025(time_machine):
    time_machine.move_to(NOW, tick=False)


def draft(code: str, first: dt.date, last: dt.date | None = None, **values):
    values = {"date_precision": "day", "title_en": f"Sample {code}", **values}
    return seminar(code, starts_on=first, ends_on=last, **values)


def held(code: str, first: dt.date, last: dt.date | None = None, **values):
    return published(draft(code, first, last, **values))


def cells(page: str) -> dict[str, str]:
    """Return day → attributes and content of its table cell."""
    table = page.split("<table")[1].split("</table>")[0]
    matches = re.findall(r'<td ?([^>]*)> <time[^>]*datetime="(.*?)">(.*?)</td>', table)
    return {day: f"{attributes} {remainder}" for attributes, day, remainder in matches}


def days_with(page: str, text: str) -> list[str]:
    return [day for day, cell in cells(page).items() if text in cell]


def head(page: str) -> list[str]:
    return re.findall(r'<th scope="col"><abbr title="(.*?)">(?:.*?)</abbr>', page)


def test_current_month_is_default(client):
    page = text_of(client, "/en/calendar/")

    assert '<h2 id="month">September 2025</h2>' in page
    assert list(cells(page)) == [f"2025-09-{day:02}" for day in range(1, 31)]
    assert days_with(page, 'aria-current="date"') == ["2025-09-23"]


def test_heading_of_the_month_begins_with_a_capital_letter(client):
    for language, label in {"vi": "Tháng 9 năm 2025", "pt": "Setembro de 2025"}.items():
        page = text_of(client, f"/{language}/calendar/?month=2025-09")
        assert f'<h2 id="month">{label}</h2>' in page


def test_today_uses_default_time_zone(client, time_machine):
    time_machine.move_to(dt.datetime(2025, 9, 30, 17, tzinfo=dt.UTC), tick=False)

    page = text_of(client, "/en/calendar/")

    assert days_with(page, 'aria-current="date"') == ["2025-10-01"]


def test_multi_day_event_is_shown_on_each_day(client):
    held("SEM-0001", dt.date(2025, 8, 30), dt.date(2025, 9, 2))
    held("SEM-0002", dt.date(2025, 9, 29), dt.date(2025, 10, 8))

    page = text_of(client, "/en/calendar/?month=2025-09")

    assert days_with(page, "SEM-0001/") == ["2025-09-01", "2025-09-02"]
    assert days_with(page, "SEM-0002/") == ["2025-09-29", "2025-09-30"]


def test_list_and_table_show_same_events(client):
    held("SEM-0001", dt.date(2025, 9, 22), dt.date(2025, 9, 24))

    page = text_of(client, "/en/calendar/?month=2025-09")

    after_table = page.split("</table>")[1]
    assert after_table.count("/en/seminars/SEM-0001/") == 1
    assert "22–24 September 2025" in after_table


def test_event_without_exact_day_is_listed_separately(client):
    held("SEM-0001", dt.date(2025, 9, 1), date_precision="month")
    held("SEM-0002", dt.date(2025, 1, 1), date_precision="year")
    held("SEM-0003", dt.date(2025, 8, 1), date_precision="month")

    page = text_of(client, "/en/calendar/?month=2025-09")

    table, remainder = page.split("</table>")
    assert "SEM-000" not in table
    of_month, of_year = remainder.split('id="of-month"')[1].split('id="of-year"')
    assert re.findall(r"SEM-\d+(?=/)", of_month) == ["SEM-0001"]
    assert re.findall(r"SEM-\d+(?=/)", of_year) == ["SEM-0002"]
    assert "This month, day not known" in remainder
    assert "In 2025, month not known" in remainder


def test_only_public_events_are_shown(client):
    days = {"starts_on": dt.date(2025, 9, 22), "date_precision": "day"}
    published(edition(15, **days))
    published(article("news", reported_on=days["starts_on"], date_precision="day"))
    seminar("SEM-0001", **days)
    withdrawn(seminar("SEM-0002", **days))

    page = text_of(client, "/en/calendar/")

    main = page.split("<main")[1].split("</main>")[0]
    links = re.findall(r'href="/en/([a-z]+/[^"/]+)/"', main)
    assert set(links) == {"conference/15"}


def test_weekday_headings(client):
    page = text_of(client, "/en/calendar/")

    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert head(page) == [*days, "Saturday", "Sunday"]


def test_month_navigation_keeps_filters(client):
    page = text_of(client, "/en/calendar/?month=2025-12&country=VN&page=9")

    steps = page.split('class="month-head__steps"')[1].split("</ul>")[0]
    assert re.findall(r'href="([^"]*)" rel="(prev|next)? ?nofollow"', steps) == [
        ("?month=2025-11&amp;country=VN", "prev"),
        ("?month=2025-09&amp;country=VN", ""),
        ("?month=2026-01&amp;country=VN", "next"),
    ]


def test_month_navigation_is_bounded(client):
    directions = {
        month: re.findall(
            r'rel="(prev|next) nofollow"',
            text_of(client, f"/en/calendar/?month={month}"),
        )
        for month in ("1900-01", "2100-12")
    }

    assert directions == {"1900-01": ["next"], "2100-12": ["prev"]}


# Query, the parameter with the error, and the month that is shown.
IMPOSSIBLE = [
    ("month=2025-13", "month", "September 2025"),
    ("month=1899-12", "month", "September 2025"),
    ("month=2101-01", "month", "September 2025"),
    ("month=2025-11&month=2025-00", "month", "September 2025"),
    ("month=2025-11&from=2025-02-30", "from", "November 2025"),
    ("month=2025-11&dated=no&year=2025", "dated", "November 2025"),
]


def test_impossible_value_shows_the_unfiltered_month_with_the_error(client):
    held("SEM-0001", dt.date(2025, 9, 22))
    held("SEM-0002", dt.date(2025, 11, 22))

    with collect_failures() as failures:
        for query, parameter, month in IMPOSSIBLE:
            with failures.case(query):
                response = client.get(f"/en/calendar/?{query}&kind=visit")

                html = " ".join(response.content.decode().split())
                assert response.status_code == 400
                assert f'<h2 id="month">{month}</h2>' in html
                assert f'id="filter-{parameter}-error"' in html
                assert html.count('<li class="card') == 1
                assert '<option value="visit" selected>' in html
                assert response.context["month_links"]["next"].count("=") == 1


MALFORMED = [
    ("month=September", "September 2025"),
    ("month=2025-9", "September 2025"),
    ("month=9999999999999-01", "September 2025"),
    ("month=2025-10%00", "September 2025"),
    ("month=2025-10&month=2025-11", "November 2025"),
    ("month=2025-10&month=foo&year=18&from=singlemessage", "October 2025"),
]


def test_malformed_value_is_ignored_and_the_last_counts(client):
    with collect_failures() as failures:
        for query, month in MALFORMED:
            with failures.case(query):
                page = text_of(client, f"/en/calendar/?{query}")

                assert f'<h2 id="month">{month}</h2>' in page


def test_filters_narrow_the_month(client):
    vietnam = published(country("VN"))
    held("SEM-0001", dt.date(2025, 9, 22), participating_countries=[vietnam])
    held("SEM-0002", dt.date(2025, 9, 22))
    published(edition(15, starts_on=dt.date(2025, 9, 22), date_precision="day"))

    of_country = text_of(client, "/en/calendar/?country=VN")
    of_kind = text_of(client, "/en/calendar/?kind=edition")

    assert re.findall(r"seminars/(SEM-\d+)/", of_country) == ["SEM-0001"] * 2
    assert "SEM-000" not in of_kind
    assert of_kind.count("/en/conference/15/") == 2


DATE_FILTERS = [
    ("year=2018", "December 2018"),
    ("year=2031", "January 2031"),
    ("from=2026-03-05", "March 2026"),
    ("to=2024-02-29", "February 2024"),
    ("as_of=2018-12-31", "December 2018"),
    ("from=2024-01-01&to=2026-01-01", "September 2025"),
    ("year=1949", "December 1949"),
]


def test_date_filters_select_month(client):
    with collect_failures() as failures:
        for query, month in DATE_FILTERS:
            with failures.case(query):
                page = text_of(client, f"/en/calendar/?{query}")

                assert f'<h2 id="month">{month}</h2>' in page


def test_empty_month_links_to_nearest_months_with_events(client):
    held("SEM-0001", dt.date(2024, 12, 23), dt.date(2025, 1, 3))
    held("SEM-0002", dt.date(2026, 3, 2))
    held("SEM-0003", dt.date(2027, 3, 2))

    page = text_of(client, "/en/calendar/")

    nearest = page.split('class="empty"')[1].split("</ul>")[0]
    assert re.findall(r'href="(.*?)"[^>]*>(.*?)</a>', nearest) == [
        ("?month=2025-01", "January 2025"),
        ("?month=2026-03", "March 2026"),
    ]


def test_busy_day_shows_more_count_and_month_list_is_capped(client):
    day = dt.date(2025, 9, 22)
    published_together(*(draft(f"SEM-{number:04}", day) for number in range(1, 102)))

    page = text_of(client, "/en/calendar/")

    assert "97 more" in cells(page)["2025-09-22"]
    assert page.split("</table>")[1].count('<li class="card') == 100
    assert "Not all events this month are shown." in page


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_month_query_count_is_bounded(rows, client, django_assert_num_queries):
    for number in range(rows):
        held(f"SEM-{number:04}", dt.date(2025, 9, 22))

    with django_assert_num_queries(4 if rows else 5):
        client.get("/en/calendar/?month=2025-09")


def test_calendar_and_feed_links_keep_filters(client):
    page = text_of(client, "/en/calendar/?country=VN&month=2025-09")

    main = page.split("<main")[1]
    offered = re.findall(
        r'href="([^"]*)" type="(text/calendar|application/[^"]*)"', main
    )
    assert offered == [
        ("/en/calendar.ics?country=VN", "text/calendar"),
        ("/en/feed.atom?country=VN", "application/atom+xml"),
        ("/en/feed.json?country=VN", "application/feed+json"),
    ]
