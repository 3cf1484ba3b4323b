"""Country and organ pages; filters and pagination of public lists."""

import datetime as dt

import pytest

from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, place
from tests.factories.figures import reported_figure
from tests.factories.publishing import published, withdrawn
from tests.page_html import fact_of, text_of

pytestmark = pytest.mark.django_db


def groups(client, address: str) -> dict[str, list[str]]:
    """Return the codes of the related records on a page, by group."""
    holdings = client.get(address).context["related_records"]
    organs = [node.card.code for node in holdings.organs]
    codes_by_group = {
        group.code: [card.code for card in group.entries] for group in holdings.groups
    }
    return {**({"organ": organs} if organs else {}), **codes_by_group}


def test_country_shows_what_is_on_record_about_it(client):
    vietnam, laos = published(country("VN")), published(country("LA"))
    spp = published(organ("vn-spp", country=vietnam))
    published(edition(3, host_country=vietnam))
    published(document("DOC-0001", party_countries=[vietnam, laos]))
    published(article("opening", countries=[vietnam]))
    published(article("other", countries=[laos]))
    article("draft", countries=[vietnam])
    withdrawn(article("gone", countries=[vietnam]))

    assert groups(client, "/en/countries/vn/") == {
        "organ": ["vn-spp"],
        "edition": ["3"],
        "document": ["DOC-0001"],
        "article": ["opening"],
    }
    assert spp.country == vietnam


def test_country_shows_membership_and_languages(client):
    published(
        country(
            "VN", joined_asean_on=dt.date(1995, 7, 28), national_languages=["vi", "xx"]
        )
    )
    published(country("CN"))

    html = text_of(client, "/en/countries/vn/")

    assert "28 July 1995" in fact_of(html, "ASEAN member since")
    assert '<span lang="en">Vietnamese</span>' in html
    assert "Not a member of ASEAN" in text_of(client, "/en/countries/cn/")


def test_uppercase_country_code_redirects(client):
    published(country("VN"))

    response = client.get("/en/countries/VN/")

    assert (response.status_code, response["Location"]) == (301, "/en/countries/vn/")


def test_countries_are_sorted_by_display_order(client):
    for order, iso2 in enumerate(("CN", "BN", "VN")):
        published(country(iso2, display_order=order))
    country("LA")

    tiles = client.get("/en/countries/").context["countries"]

    assert [tile.iso2 for tile in tiles] == ["CN", "BN", "VN"]


def test_organ_page_lists_records_referencing_it(client):
    vietnam = published(country("VN"))
    above = published(organ("vn-above", country=vietnam, name_en="The Organ Above"))
    seat = place("ha-noi", name_en="Ha Noi")
    spp = published(
        organ(
            "vn-spp",
            country=vietnam,
            parent=above,
            place=seat,
            established_on=dt.date(1960, 1, 1),
            date_precision="year",
            website="https://vksndtc.gov.vn/",
        )
    )
    published(edition(3, host_organs=[spp]))
    published(reported_figure("held", organs=[spp]))

    html = text_of(client, "/en/organs/vn-spp/")

    assert groups(client, "/en/organs/vn-spp/") == {
        "edition": ["3"],
        "figure": ["held"],
    }
    assert "Ha Noi" in html
    assert "1960</time>" in html
    assert 'href="/en/organs/vn-above/"' in html
    assert 'href="https://vksndtc.gov.vn/"' in html


def test_unpublished_parent_organ_is_hidden(client):
    hidden = organ("vn-above", name_en="A Hidden Organ")
    published(organ("vn-spp", parent=hidden))

    assert "A Hidden Organ" not in text_of(client, "/en/organs/vn-spp/")


@pytest.mark.parametrize(
    "address", ["/en/countries/xx/", "/en/organs/none/", "/en/countries/la/"]
)
def test_unpublished_record_returns_404(client, address):
    country("LA")

    assert client.get(address).status_code == 404


@pytest.fixture
def reports():
    """Publish 25 articles, one per day; the first three are about Viet Nam."""
    vietnam = published(country("VN"))
    for number in range(1, 26):
        published(
            article(
                f"n{number:02}",
                reported_on=dt.date(2019, 3, number),
                date_precision="day",
                countries=[vietnam] if number <= 3 else [],
            )
        )


def test_list_is_paginated(client, reports):
    first = client.get("/en/news/").context
    second = client.get("/en/news/?page=2").context

    assert [card.code for card in first["entries"]] == [
        f"n{number:02}" for number in range(25, 5, -1)
    ]
    assert [card.code for card in second["entries"]] == [
        f"n{number:02}" for number in range(5, 0, -1)
    ]
    assert (first["pager"].count, first["pager"].pages) == (25, 2)
    assert (first["pager"].has_previous, first["pager"].has_next) == (False, True)
    assert (second["pager"].has_previous, second["pager"].has_next) == (True, False)
    assert first["pager"].next_url == "?page=2"
    assert second["pager"].previous_url == "?"


def test_page_beyond_last_returns_404(client, reports):
    assert client.get("/en/news/?page=3").status_code == 404


def test_pagination_links_keep_filters(client, reports):
    page = client.get("/en/news/?year=2019&page=2").context["pager"]

    assert page.previous_url == "?year=2019"


def test_each_active_filter_has_remove_link(client, reports):
    context = client.get("/en/news/?country=VN&year=2019&page=1").context

    assert [card.code for card in context["entries"]] == ["n03", "n02", "n01"]
    assert [str(active.label) for active in context["active_filters"]] == [
        "Viet Nam",
        "Year: 2019",
    ]
    assert [active.remove_url for active in context["active_filters"]] == [
        "?year=2019",
        "?country=VN",
    ]
    assert context["clear_url"] == "/en/news/"


def test_filter_that_matches_nothing_shows_an_empty_list(client, reports):
    response = client.get("/en/news/?country=TH")

    assert response.status_code == 200
    assert list(response.context["entries"]) == []
    assert response.context["pager"].count == 0


@pytest.mark.parametrize("page", ["51", "9999999", "1" + "0" * 30])
def test_page_deeper_than_any_list_is_not_found_with_a_remedy(client, reports, page):
    response = client.get(f"/en/news/?page={page}")

    assert response.status_code == 404
    assert "Lists have 50 pages at most." in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/en/countries/vn/", 8),
        ("/en/organs/vn-spp/", 7),
        ("/zh-hant/countries/vn/", 8),
        ("/en/countries/", 1),
    ],
)
def test_page_query_count_is_constant(
    client, rows, address, queries, django_assert_num_queries
):
    vietnam = published(country("VN"))
    spp = published(organ("vn-spp", country=vietnam, place=place(), parent=organ()))
    for number in range(rows):
        published(edition(number + 1, host_country=vietnam, host_organs=[spp]))
        published(document(party_countries=[vietnam], party_organs=[spp]))
        published(article(countries=[vietnam], organs=[spp]))

    with django_assert_num_queries(queries):
        response = client.get(address)

    assert response.status_code == 200
