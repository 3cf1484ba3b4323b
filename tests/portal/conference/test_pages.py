"""Public pages of editions, documents, articles and static pages."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from portal.conference.choices import DocumentKind
from tests.factories.conference import (
    article,
    document,
    edition,
    edition_delegation,
    page,
    paragraph,
)
from tests.factories.directory import country, organ, party, place
from tests.factories.publishing import (
    published,
    published_together,
    scheduled,
    withdrawn,
)
from tests.failures import collect_failures
from tests.page_html import fact_of, missing_value, text_of

pytestmark = pytest.mark.django_db
PERIOD = {
    "starts_on": dt.date(2025, 9, 22),
    "ends_on": dt.date(2025, 9, 24),
    "date_precision": "day",
}
RECORDS = {
    "/en/conference/1/": lambda: edition(1),
    "/en/documents/DOC-0001/": lambda: document("DOC-0001"),
    "/en/news/opening/": lambda: article("opening"),
    "/en/about/office/": lambda: page("office"),
}
LISTS = {
    "/en/conference/": edition,
    "/en/documents/": document,
    "/en/news/": article,
}


def held_in_hong_kong(**values):
    china = published(country("CN"))
    city = place(
        "hong-kong", country=china, name_en="Hong Kong", name_zh_hans="香港"
    )  # fmt: skip
    return edition(
        15,
        theme_en="Fighting crime with technology",
        host_country=china,
        places=[city],
        **PERIOD,
        **values,
    )


def test_edition_shows_place_days_and_theme(client):
    published(held_in_hong_kong())

    html = text_of(client, "/en/conference/15/")

    assert "15th China-ASEAN Prosecutors-General Conference" in html
    assert "Hong Kong" in fact_of(html, "Place")
    assert "22–24 September 2025" in fact_of(html, "Date")
    assert "Fighting crime with technology" in fact_of(html, "Theme")
    assert html.split("<main")[1].count("Fighting crime with technology") == 1
    assert 'href="/en/countries/cn/"' in fact_of(html, "Host country")


def test_edition_page_in_chinese(client):
    published(held_in_hong_kong(theme_zh_hans="科技"))

    html = text_of(client, "/zh-hans/conference/15/")

    assert '<html lang="zh-Hans">' in html
    assert "香港" in html
    assert "2025年9月22日至24日" in html
    assert "科技" in html


def test_traditional_chinese_is_converted_and_labelled(client):
    published(held_in_hong_kong(theme_zh_hans="检察机关合作"))

    response = client.get("/zh-hant/conference/15/")

    html = response.content.decode()
    assert '<html lang="zh-Hant">' in html
    assert "檢察機關合作" in html
    assert response.context["fallback_notice"].is_converted
    assert 'class="notice"' not in html
    assert "由" in html.split("record-footer__remark")[1].split("</p>")[0]


def test_parties_of_a_document_are_listed_once(client):
    china, vietnam, laos = published_together(
        country("CN"), country("VN"), country("LA")
    )
    chinese, vietnamese = published_together(
        organ("cn-spp", country=china, name_en="Procuratorate"),
        organ("vn-spp", country=vietnam, name_en="Procuracy"),
    )
    hong_kong = party("Hong Kong", country=china)
    area = place("hong-kong", name_en="Hong Kong", country=china)
    region_with_area = party("Hong Kong SAR", country=china, area=area)
    states = {
        "named_parties": [
            party("China", country=china),
            party("Viet Nam", country=vietnam),
        ]
    }
    organs = {"party_organs": [chinese, vietnamese]}
    both = [china, vietnam]
    # Texts of the facts "Parties" and "Signatory countries", "" without the fact.
    cases = {
        "organs of the countries": (organs, both, ["Procuratorate", "Procuracy"], []),
        "one country more": (
            organs,
            [*both, laos],
            ["Procuratorate", "Procuracy"],
            ["China", "Viet Nam", "Lao PDR"],
        ),
        "states": (states, both, ["China", "Viet Nam"], []),
        "a region": ({"named_parties": [hong_kong]}, [china], ["Hong Kong"], ["China"]),
        "a region with its area": (
            {"named_parties": [region_with_area, states["named_parties"][1]]},
            both,
            ["Hong Kong SAR", "Viet Nam"],
            ["China", "Viet Nam"],
        ),
        "no parties": ({}, both, ["Not known"], ["China", "Viet Nam"]),
        "nothing": ({}, [], ["Not known"], ["Not known"]),
    }
    with collect_failures() as failures:
        for number, (name, case) in enumerate(cases.items(), 1):
            values, countries, parties, shown_countries = case
            code = f"DOC-{number:04}"
            values = {"document_kind": "mou", "party_countries": countries, **values}
            published(document(code, **values))
            page = text_of(client, f"/en/documents/{code}/")
            with failures.case(name):
                assert names_in(page, "Parties") == parties
                assert names_in(page, "Signatory countries") == shown_countries


# Facts of documents that parties sign.
TREATY_FACTS = {
    "Place of signing",
    "Entered into force",
    "Parties",
    "Signatory countries",
}


@pytest.mark.parametrize("kind", DocumentKind.values)
def test_facts_of_a_treaty_are_missing_only_on_pages_of_treaties(client, kind):
    published(document("DOC-0001", document_kind=kind))

    page = text_of(client, "/en/documents/DOC-0001/")

    marked = {
        heading
        for heading in headings_of(page)
        if "missing-value" in fact_of(page, heading)
    }
    general = {"Signed or adopted on", "Topics"}
    adopted = kind in {"joint_statement", "declaration"}
    assert marked == (general if adopted else general | TREATY_FACTS)


def test_facts_on_record_of_an_adopted_document_are_shown(client):
    vietnam = published(country("VN"))
    published(
        document(
            "DOC-0001",
            document_kind="declaration",
            place=place("hanoi", country=vietnam, name_en="Hanoi"),
            parties_as_recorded="All delegations",
            party_countries=[vietnam],
            in_force_on=dt.date(2024, 1, 1),
            in_force_precision="year",
        )
    )

    page = text_of(client, "/en/documents/DOC-0001/")

    assert "Hanoi" in fact_of(page, "Place")
    assert "Place of signing" not in headings_of(page)
    assert "2024" in fact_of(page, "Entered into force")
    assert "All delegations" in fact_of(page, "Parties")
    assert "Viet Nam" in fact_of(page, "Signatory countries")


def headings_of(page: str) -> list[str]:
    return re.findall(r"<dt>(.*?)</dt>", page)


def names_in(page: str, heading: str) -> list[str]:
    if f"<dt>{heading}</dt>" not in page:
        return []
    return re.findall(r">([^<>]*\w[^<>]*)</(?:a|span)>", fact_of(page, heading))


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant", "vi"])
def test_states_with_a_chinese_name_are_listed_once(client, language):
    china, vietnam = published_together(
        country("CN", name_zh_hans="中国"), country("VN", name_zh_hans="越南")
    )
    states = [
        party("China", country=china, display_name_zh_hans="中国"),
        party("Viet Nam", country=vietnam, display_name_zh_hans="越南"),
    ]
    published(
        document("DOC-0001", party_countries=[china, vietnam], named_parties=states)
    )

    response = client.get(f"/{language}/documents/DOC-0001/")

    assert response.context["repeated_parties"] == "states"


def test_states_that_are_parties_link_to_their_pages(client):
    china = published(country("CN"))
    published(
        document(
            "DOC-0001",
            named_parties=[party("China", country=china)],
            party_countries=[china],
        )
    )

    page = text_of(client, "/zh-hans/documents/DOC-0001/")

    assert 'href="/zh-hans/countries/cn/"' in page


def test_missing_value_shows_placeholder(client):
    published(edition(5, theme_en=""))

    html = text_of(client, "/en/conference/5/")

    for heading, expected in {
        "Date": "Date not known",
        "Place": "Not known",
        "Theme": "Not known",
        "Host country": "Not known",
        "Host": "Not known",
        "Number of participants": "Not known",
        "Topics": "Not known",
    }.items():
        assert missing_value(expected) in fact_of(html, heading)


@pytest.mark.parametrize(
    ("precision", "expected"), [("month", "September 2017"), ("year", "2017")]
)
def test_month_and_year_are_not_shown_as_a_day(client, precision, expected):
    first = dt.date(2017, 9, 1) if precision == "month" else dt.date(2017, 1, 1)
    published(edition(1, starts_on=first, date_precision=precision))

    fact = fact_of(text_of(client, "/en/conference/1/"), "Date")

    assert f">{expected}</time>" in fact


@pytest.mark.parametrize(
    ("number", "qualifier", "expected"),
    [(190, "exact", "190"), (80, "about", "about 80"), (60, "over", "more than 60")],
)
def test_participants_show_qualifier(client, number, qualifier, expected):
    published(edition(1, participants=number, participants_qualifier=qualifier))

    fact = fact_of(text_of(client, "/en/conference/1/"), "Number of participants")

    assert (
        fact.endswith(f"<dd>{expected}")
        or f">{expected}<" in fact
        or f" {expected} " in fact
    )


def test_text_in_another_language_carries_its_language(client):
    published(
        article("opening", title_en="", title_zh_hans="开幕", body_zh_hans="正文")
    )

    html = text_of(client, "/en/news/opening/")

    assert '<h1><span lang="zh-Hans">开幕</span></h1>' in html
    assert '<p lang="zh-Hans">正文</p>' in html
    assert (
        'Title and full text shown in <span lang="en">Simplified Chinese</span>' in html
    )


def test_language_links_and_alternates_match_record_languages(client):
    published(article("opening", title_en="Opening", title_zh_hans="开幕"))

    response = client.get("/th/news/opening/")

    html = response.content.decode()
    assert [item["url"] for item in response.context["language_versions"]] == [
        "/zh-hans/news/opening/",
        "/en/news/opening/",
    ]
    # Two languages and x-default.
    assert html.count('rel="alternate"') == 3


def test_user_text_is_escaped(client):
    published(article("opening", title_en="<script>x</script>", body_en="a < b & c"))

    html = text_of(client, "/en/news/opening/")

    assert "<script>x</script>" not in html
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert "a &lt; b &amp; c" in html


def test_unpublished_documents_of_an_edition_are_not_shown(client):
    held = published(edition(1))
    published(document("DOC-0001", edition=held, title_en="The public statement"))
    document("DOC-0002", edition=held, title_en="A draft statement")
    withdrawn(document("DOC-0003", edition=held, title_en="A withdrawn statement"))

    html = text_of(client, "/en/conference/1/")

    assert "The public statement" in html
    assert "A draft statement" not in html
    assert "A withdrawn statement" not in html


def test_delegation_of_unpublished_country_is_hidden(client):
    held = published(edition(1))
    edition_delegation(held, country=country("LA", name_en="Unpublished Country"))

    html = text_of(client, "/en/conference/1/")

    assert "Unpublished Country" not in html


def test_document_hides_draft_edition(client):
    published(document("DOC-0001", edition=edition(7)))

    html = text_of(client, "/en/documents/DOC-0001/")

    assert "/conference/7/" not in html
    assert "7th" not in html


@pytest.mark.parametrize("address", RECORDS)
def test_unpublished_record_returns_404(client, address):
    record = RECORDS[address]()
    draft = client.get(address).status_code
    scheduled(record, timezone.now() + dt.timedelta(days=1))

    assert (draft, client.get(address).status_code) == (404, 404)


@pytest.mark.parametrize("address", RECORDS)
def test_withdrawn_record_returns_410_with_kind_and_date_only(client, address):
    record = RECORDS[address]()
    field = "theme_en" if address.endswith("/1/") else "title_en"
    setattr(record, field, "A secret title")
    record.save()
    withdrawn(record)

    response = client.get(address)

    html = response.content.decode()
    assert response.status_code == 410
    assert "A secret title" not in html
    assert "6 May 2024" in html


@pytest.mark.parametrize("address", LISTS)
def test_list_shows_published_records_only(client, address):
    factory = LISTS[address]
    public = published(factory())
    factory()
    withdrawn(factory())
    scheduled(factory(), timezone.now() + dt.timedelta(days=1))

    entries = client.get(address).context["entries"]

    assert [card.code for card in entries] == [public.public_code]


def test_edition_list_is_sorted_by_number_including_undated(client):
    for number in (2, 10, 9):
        published(edition(number))

    entries = client.get("/en/conference/").context["entries"]

    assert [card.code for card in entries] == ["10", "9", "2"]


@pytest.mark.parametrize(
    ("query", "second"),
    [
        ("beside=xx", None),
        ("beside=%00&from=singlemessage", None),
        ("beside=vi&beside=th", "th"),
        ("beside=th&beside=", "th"),
        ("beside=th&beside=english", "th"),
    ],
)
def test_second_language_is_the_last_valid_parameter(client, query, second):
    record = published(document("DOC-0001"))
    paragraph(record, text_vi="Mẫu", text_th="ตัวอย่าง")

    response = client.get(f"/en/documents/DOC-0001/?{query}")

    second_language = response.context["second_language"]
    assert response.status_code == 200
    assert (second_language.code if second_language else None) == second


def test_edition_links_to_the_published_editions_before_and_after(client):
    published_together(*(edition(number) for number in (3, 9, 12, 14)))
    edition(10)
    scheduled(edition(11), timezone.now() + dt.timedelta(days=1))
    withdrawn(edition(8))

    html = text_of(client, "/en/conference/9/")

    assert 'href="/en/conference/3/" rel="prev">' in html
    assert 'href="/en/conference/12/" rel="next">' in html
    assert not any(f"/en/conference/{number}/" in html for number in (8, 10, 11, 14))


def test_first_and_last_edition_link_to_one_other_edition_only(client):
    published_together(edition(1), edition(2))

    first, last = (text_of(client, f"/en/conference/{n}/") for n in (1, 2))

    assert ('rel="prev"' in first, 'rel="next"' in first) == (False, True)
    assert ('rel="prev"' in last, 'rel="next"' in last) == (True, False)


def test_single_edition_has_no_links_to_other_editions(client):
    published(edition(1))

    assert 'class="pager"' not in text_of(client, "/en/conference/1/")


def test_article_about_no_organisation_or_country_has_no_such_fact(client):
    vietnam = published(country("VN"))
    published(article("none"))
    published(article("both", countries=[vietnam], organs=[published(organ())]))

    headings = [
        headings_of(text_of(client, f"/en/news/{slug}/")) for slug in ("none", "both")
    ]

    assert not {"Organisations", "Countries"} & set(headings[0])
    assert {"Organisations", "Countries"} <= set(headings[1])
