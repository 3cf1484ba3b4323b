"""Country and organ pages."""

import datetime as dt

import pytest
from django.core.cache import cache

from portal.content.review import operations as review
from portal.core.audit.snapshots import take_snapshot
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, place
from tests.factories.figures import reported_figure
from tests.factories.publishing import (
    AT,
    actor,
    published,
    published_together,
    withdrawn,
)
from tests.failures import collect_failures
from tests.page_html import fact_of, section_of, text_of

pytestmark = pytest.mark.django_db
QUERIES = {
    "/en/countries/vn/": 8,
    "/en/organs/vn-spp/": 7,
    "/zh-hant/countries/vn/": 8,
    "/en/countries/": 1,
}


def groups(client, address: str) -> dict[str, list[str]]:
    """Return the codes of the related records on a page, by group."""
    holdings = client.get(address).context["related_records"]
    organs = [node.card.code for node in holdings.organs]
    codes_by_group = {
        group.code: [card.code for card in group.entries] for group in holdings.groups
    }
    return {**({"organ": organs} if organs else {}), **codes_by_group}


def test_country_shows_what_is_on_record_about_it(client):
    vietnam, laos = country("VN"), country("LA")
    spp = organ("vn-spp", country=vietnam)
    published_together(
        vietnam,
        laos,
        spp,
        edition(3, host_country=vietnam),
        document("DOC-0001", party_countries=[vietnam, laos]),
        article("opening", countries=[vietnam]),
        article("other", countries=[laos]),
    )
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


def test_page_query_count_is_constant(client, django_assert_num_queries):
    vietnam = published(country("VN"))
    spp = published(organ("vn-spp", country=vietnam, place=place(), parent=organ()))
    with collect_failures() as failures:
        for rows in (1, 2, 3):
            published_together(
                edition(rows, host_country=vietnam, host_organs=[spp]),
                document(party_countries=[vietnam], party_organs=[spp]),
                article(countries=[vietnam], organs=[spp]),
            )
            for address, queries in QUERIES.items():
                cache.clear()
                with failures.case(rows, address):
                    with django_assert_num_queries(queries):
                        response = client.get(address)

                    assert response.status_code == 200


def test_prosecution_system_is_shown_with_the_date_of_its_review(client):
    published(
        country(
            "VN",
            prosecution_system_en="<p>The procuracies <strong>prosecute</strong>.</p>",
            prosecution_system_reviewed_on=dt.date(2026, 3, 1),
        )
    )

    section = section_of(text_of(client, "/en/countries/vn/"), "prosecution-system")

    assert "<p>The procuracies <strong>prosecute</strong>.</p>" in section
    assert '<time datetime="2026-03-01">1 March 2026</time>' in section


def test_prosecution_system_without_a_review_ends_with_a_note(client):
    published(country("VN", prosecution_system_en="The procuracies prosecute."))

    page = text_of(client, "/en/countries/vn/")

    section = section_of(page, "prosecution-system")
    text, _tag, note = section.partition('<p class="hint section__note"')
    assert "<p>The procuracies prosecute.</p>" in text
    assert "Not reviewed yet" in note
    assert "<time" not in section
    assert page.count("eviewed") == 1


def test_country_without_a_text_on_the_prosecution_system_states_no_review(client):
    day = dt.date(2026, 3, 1)
    published(country("VN", reviewed_on=day, prosecution_system_reviewed_on=day))
    published(country("LA"))

    with collect_failures() as failures:
        for code in ("vn", "la"):
            page = text_of(client, f"/en/countries/{code}/")
            with failures.case(code):
                assert 'id="prosecution-system"' not in page
                assert "eviewed" not in page


def test_prosecution_system_in_another_language_is_marked(client):
    published(country("VN", prosecution_system_zh_hans="检察院提起公诉。"))

    response = client.get("/vi/countries/vn/")

    assert '<p lang="zh-Hans">检察院提起公诉。</p>' in response.content.decode()
    parts = response.context["fallback_notice"].languages
    assert "zh-hans" in [part.language.code for part in parts]
    assert "檢察院提起公訴" in text_of(client, "/zh-hant/countries/vn/")


def test_change_of_the_prosecution_system_waits_for_a_second_person(client):
    record = published(country("VN", prosecution_system_en="The text on record."))
    base, proposed = (take_snapshot(record, record.child_relations) for _ in range(2))
    proposed.values["prosecution_system_en"] = "A text that waits."
    review.propose(
        record, base=base, proposed=proposed, public_note={}, by=actor(), at=AT
    )

    html = text_of(client, "/en/countries/vn/")

    assert "The text on record." in html
    assert "A text that waits." not in html
