"""Filters in public URLs: unknown, hidden and invalid values, and shared links."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from django.core.cache import cache

from tests.catalogues import use_catalogues, write_catalogue
from tests.factories.conference import article
from tests.factories.delegations import visit
from tests.factories.directory import any_country, organ, topic
from tests.factories.exchanges import mechanism, meeting
from tests.factories.publishing import published, published_together, withdrawn
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.page_html import text_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 5, 6)
DATED = {"starts_on": DAY, "date_precision": "day"}
JUNK = "from=singlemessage&isappinstalled=0&utm_source=x&fbclid=y&_=1"


def titles(html: str) -> list[str]:
    headings = re.findall(r'<h3 class="card__title"[^>]*>(.*?)</h3>', html)
    return [re.sub("<[^>]+>", "", title).strip() for title in headings]


@pytest.fixture
def hidden_names():
    """Publish records with draft, withdrawn and public countries and organs."""
    laos, thailand = any_country("LA"), withdrawn(any_country("TH"))
    vietnam = any_country("VN")
    countries = [laos, thailand, vietnam]
    open_organ = organ("open-organ", country=vietnam)
    organs = [
        organ("draft-organ", country=vietnam),
        withdrawn(organ("gone-organ", country=vietnam)),
        open_organ,
    ]
    words = {"title_en": "Secret words"}
    pair = mechanism("pair", other_country=laos, side_a_organs=organs)
    route = {"from_country": laos, "to_country": thailand, "from_organs": organs}
    published_together(
        vietnam,
        open_organ,
        article("a", countries=countries, organs=organs, **words),
        seminar(
            "SEM-0001",
            participating_countries=countries,
            organiser_organs=organs,
            **words,
            **DATED,
        ),
        visit("VIS-0001", **route, **words, **DATED),
        pair,
        mechanism("other", other_country=thailand, side_a_organs=organs),
        meeting("MTG-0001", mechanism=pair, other_country=laos, **words),
    )


MECHANISMS = "exchanges/"
PAGES = ("news/", "seminars/", "delegations/", MECHANISMS, "calendar/?month=2024-05")
FILES = ("feed.atom", "feed.json", "calendar.ics")


def with_filter(path: str, query: str) -> str:
    return f"/en/{path}{'&' if '?' in path else '?'}{query}"


HIDDEN = {
    "country": ("LA", "th", "ZZ"),  # a draft, a withdrawn country and none
    "organ": ("draft-organ", "gone-organ", "no-organ"),
}


def hidden_values(addresses) -> Iterator[tuple[str, str, str]]:
    """Yield address, parameter and value.

    All values on the first address, and on the page of mechanisms, which chooses its
    mechanisms by its own code. On each of the others one hidden country and one hidden
    organ, in rotation: all of them look up their parameters in the same way.
    """
    complete = {addresses[0], MECHANISMS} & set(addresses)
    others = [address for address in addresses if address not in complete]
    for parameter, values in HIDDEN.items():
        for address in sorted(complete):
            for value in values:
                yield address, parameter, value
        for address, value in zip(others, cycle(values[:2]), strict=False):
            yield address, parameter, value


def test_hidden_countries_and_organs_are_answered_like_unknown_ones(
    client, hidden_names
):
    with collect_failures() as failures:
        for path, parameter, value in hidden_values(PAGES):
            with failures.case(path, parameter, value):
                html = text_of(client, with_filter(path, f"{parameter}={value}"))
                label = {"organ": "Organisation"}.get(parameter, parameter.title())
                message = f"{label}: “{value}” is not an option."
                assert message in html
                assert titles(html) == []
                assert 'id="mechanism-' not in html
        for path, parameter, value in hidden_values(FILES):
            with failures.case(path, parameter, value):
                response = client.get(with_filter(path, f"{parameter}={value}"))
                assert "Secret words" not in response.content.decode()
    assert titles(text_of(client, "/en/news/?organ=open-organ")) == ["Secret words"]
    assert titles(text_of(client, "/en/news/?country=vn")) == ["Secret words"]
    assert (
        "Secret words" in client.get("/en/feed.atom?organ=open-organ").content.decode()
    )
    assert "Secret words" in client.get("/en/calendar.ics?country=VN").content.decode()


def test_search_finds_nothing_by_a_hidden_country(client, hidden_names):
    for code in ("LA", "th", "ZZ", "XYZ"):
        cache.clear()
        html = text_of(client, f"/en/search/?q=secret&country={code}")
        assert f"Country: “{code}” is not an option." in html
        assert titles(html) == []
    assert titles(text_of(client, "/en/search/?q=secret&country=vn")) != []


def test_unknown_topic_is_answered_like_one_that_only_a_draft_has(client):
    article("draft", topics=[topic("of-a-draft")])
    published(article("open", topics=[topic("training")]))

    for key in ("of-a-draft", "no-topic"):
        html = text_of(client, f"/en/news/?topic={key}")
        assert f"Topic: “{key}” is not an option." in html
        assert titles(html) == []
    assert "is not an option" not in text_of(client, "/en/news/?topic=training")


@pytest.mark.parametrize(
    ("path", "parameter", "label"),
    [
        ("documents/", "kind", "Type"),
        ("seminars/", "scope", "Event type"),
        ("delegations/", "direction", "Direction of visit"),
        ("conference/", "state", "Status"),
        ("search/?q=a", "kind", "Type"),
        ("calendar/", "kind", "Type"),
    ],
)
def test_unknown_value_of_a_closed_list_is_named_and_stays_in_the_form(
    client, path, parameter, label
):
    html = text_of(client, with_filter(path, f"{parameter}=nothing"))

    assert f"{label}: “nothing” is not an option." in html
    if not path.startswith("search"):
        assert '<option value="nothing" selected>nothing</option>' in html
        assert f">{label}: nothing</span>" in html


def test_label_spelled_like_its_value_is_shown_as_other_labels(
    client, settings, tmp_path
):
    """A label without a translation is marked as English."""
    path = "seminars/?scope=prosecutors"
    english = client.get(f"/en/{path}").context["active_filters"]
    write_catalogue(
        tmp_path, "vi", missing={("scope of an event", "prosecution service event")}
    )
    use_catalogues(settings, tmp_path)

    html = text_of(client, f"/vi/{path}")

    assert [item.label for item in english] == ["Prosecution service event"]
    assert '<span><span lang="en">Prosecution service event</span></span>' in html


def test_options_begin_with_a_capital(client):
    published(seminar("SEM-0001", **DATED))

    labels = re.findall(r"<option[^>]*>([^<]+)", text_of(client, "/en/seminars/"))

    assert "Prosecution service event (1)" in labels
    assert [label for label in labels if label[0].islower()] == []


def test_values_that_the_calendar_does_not_offer_are_known(client):
    """Feed links also filter by subkinds, such as the audience of a seminar."""
    published(seminar("SEM-0001", audience="prosecutors", **DATED))
    for query in ("kind=prosecutors", "kind=seminar", "done=yes", "as_of=2020-01-01"):
        html = text_of(client, f"/en/calendar/?{query}")
        assert "is not an option" not in html, query


def publish_openings(number: int = 21) -> None:
    """Publish articles for two pages of a list."""
    published_together(
        *(
            article(
                f"n{row:02}", title_en="Opening", reported_on=DAY, date_precision="day"
            )
            for row in range(number)
        )
    )


def test_links_of_a_shared_page_repeat_the_filters_and_nothing_else(client):
    publish_openings()
    links_by_path = {}

    with collect_failures() as failures:
        for path in ("news/", "calendar/", "search/?q=opening"):
            with failures.case(path):
                query = f"{JUNK}&year=2024&text=large&page=x"
                html = text_of(client, with_filter(path, query))

                main = html.split("<main")[1].split("</main>")[0]
                links = links_by_path[path] = re.findall(r'href="([^"]*)"', main)
                junk = re.compile("single|utm|fbclid|_=1|page=x")
                assert any("year=2024" in link for link in links)
                assert not [link for link in links if junk.search(link)]
                head = html.split("</head>")[0]
                assert 'rel="canonical" href="http://testserver/en/' in head
                assert "singlemessage" not in head
    assert {
        "?year=2024&amp;text=large&amp;page=2",
        "/en/feed.atom?kind=article&amp;year=2024",
    } <= set(links_by_path["news/"])


def test_languages_of_a_shared_page_answer(client):
    links = client.get(f"/en/news/?{JUNK}&year=2024").context["language_links"]

    for link in links:
        assert client.get(link["url"]).status_code == 200, link["url"]


def test_error_leaves_every_page_of_the_list_and_the_form_as_typed(client):
    published(any_country("VN"))
    publish_openings()

    response = client.get(
        "/en/news/?country=VN&to=2025-02-30&year=2024&page=2&text=large"
    )

    html = " ".join(response.content.decode().split())
    assert response.status_code == 400
    assert len(titles(html)) == 20
    assert response.context["pager"].next_url == "?text=large&page=2"
    assert response.context["active_filters"] == []
    assert '<option value="VN" lang="en" selected>' in html
    assert re.search(r'name="to" type="text" value="2025-02-30"', html)
    assert re.search(r'<option value="2024" selected>', html)
    assert "The results below are not filtered." in html


def test_date_input_shows_the_value_wherever_a_browser_can(client):
    publish_openings()
    possible = client.get("/en/news/?from=2020-01-02&to=2020-01-01").content.decode()
    impossible = client.get("/en/calendar/?month=2025-13").content.decode()

    assert re.search(r'name="from"\s+type="date"\s+value="2020-01-02"', possible)
    assert re.search(r'name="month"\s+type="text"\s+value="2025-13"', impossible)


@pytest.mark.parametrize(
    ("path", "name", "remedy"),
    [
        ("feed.atom?from=2567-01-01", "from=2567-01-01", "Enter 2024."),
        ("feed.json?year=1899", "year=1899", "Enter a year from 1900 to 2100."),
        ("calendar.ics?to=2025-02-30", "to=2025-02-30", "This date does not exist."),
        ("calendar.ics?dated=no&year=2020", "dated=no", "with no known date"),
    ],
)
def test_impossible_value_of_a_file_is_a_line_of_text(client, path, name, remedy):
    response = client.get(f"/en/{path}")

    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Language"] == "en"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.content.decode().startswith(f"{name}: ")
    assert remedy in response.content.decode()


def test_lines_of_text_name_the_language_of_each_message(client, settings, tmp_path):
    write_catalogue(
        tmp_path, "vi", missing={("", "Enter a year from %(first)s to %(last)s.")}
    )
    use_catalogues(settings, tmp_path)

    languages = [
        client.get(f"/vi/feed.atom?{query}")["Content-Language"]
        for query in ("year=1899", "to=2025-02-30", "year=1899&to=2025-02-30")
    ]

    assert languages == ["en", "vi", "en, vi"]


def test_links_of_a_list_repeat_the_last_text_size(client):
    publish_openings()

    next_urls = [
        client.get(f"/en/news/?{query}").context["pager"].next_url
        for query in ("text=large&text=normal", "text=normal&text=large")
    ]

    assert next_urls == ["?page=2", "?text=large&page=2"]


def test_organ_filter_takes_one_query_more(client, django_assert_num_queries):
    spp = published(organ("vn-spp"))
    for rows in (1, 3):
        published_together(*(article(organs=[spp]) for _ in range(rows)))
        cache.clear()
        with django_assert_num_queries(7):
            client.get("/en/news/?organ=vn-spp")
