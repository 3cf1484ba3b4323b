"""Related records on country and organ pages: the newest of each kind, and links."""

import datetime as dt
import re

import pytest
from django.core.cache import cache

from portal.content.catalogue.registry import get_kind
from portal.core.languages import DEFAULT_LANGUAGE
from portal.website.directory import related_records
from portal.website.directory.related_records import load_related_records
from tests.factories.conference import article, document, edition
from tests.factories.delegations import visit
from tests.factories.directory import any_country, country, organ
from tests.factories.exchanges import mechanism, meeting
from tests.factories.publishing import published, published_together
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.page_html import fact_of, section_of, text_of

pytestmark = pytest.mark.django_db
VIET_NAM = "/en/countries/vn/"


@pytest.fixture(scope="module")
def countries(rows_of_module):
    with rows_of_module(lambda: published_together(country("CN"), country("VN"))):
        yield


@pytest.fixture
def vietnam(countries, db):
    return any_country("VN")


def group(client, code: str, address=VIET_NAM):
    groups = client.get(address).context["related_records"].groups
    return next((group for group in groups if group.code == code), None)


def codes(group) -> list[str]:
    return [card.code for card in group.entries]


def test_country_page_shows_newest_records_and_total_per_kind(client, vietnam):
    published_together(
        *(
            article(
                f"n{8 - day}",
                countries=[vietnam],
                reported_on=dt.date(2019, 3, day),
                date_precision="day",
            )
            for day in range(1, 8)
        )
    )

    articles = group(client, "article")

    assert codes(articles) == ["n1", "n2", "n3", "n4", "n5"]
    assert (articles.count, articles.has_more) == (7, True)


def records_of_every_group(vietnam):
    """Create one draft for each group of related records of a country."""
    china = any_country("CN")
    in_force = {"in_force_on": dt.date(2000, 1, 1), "in_force_precision": "day"}
    return [
        article(countries=[vietnam]),
        document(party_countries=[vietnam], **in_force),
        document(party_countries=[vietnam]),
        seminar(participating_countries=[vietnam]),
        visit(),
        visit(from_country=china, to_country=vietnam, direction="outbound"),
        meeting(),
        edition(host_country=vietnam),
    ]


@pytest.mark.parametrize("number", [1, 7])
def test_show_all_link_count_matches_target_list(client, vietnam, number):
    records = [row for _ in range(number) for row in records_of_every_group(vietnam)]
    laos = country("LA")
    other_visit = visit(from_country=any_country("CN"), to_country=laos)
    published_together(*records, article(), laos, other_visit)

    groups = client.get(VIET_NAM).context["related_records"].groups

    listed = {g.code: client.get(g.url).context["pager"].count for g in groups if g.url}
    assert listed == {g.code: g.list_count for g in groups if g.url}
    assert {g.code: g.count for g in groups} == {
        "edition": number,
        "document-in_force": number,
        "document": number,
        "article": number,
        "seminar": number,
        "visit-inbound": number,
        "visit-outbound": number,
        "meeting": number,
    }
    assert listed["document"] == 2 * number


def test_visits_are_grouped_by_direction(client, vietnam):
    published(visit("VIS-0001"))
    there = {"from_country": any_country("CN"), "to_country": vietnam}
    published(visit("VIS-0002", direction="outbound", **there))

    page = text_of(client, VIET_NAM)

    assert "VIS-0001" in section_of(page, "kind-visit-inbound")
    assert "VIS-0002" in section_of(page, "kind-visit-outbound")
    assert 'href="/en/delegations/?country=VN&amp;direction=inbound"' in section_of(
        page, "kind-visit-inbound"
    )


def test_documents_in_force_are_grouped_separately(client, vietnam):
    force = {"in_force_on": dt.date(2000, 1, 1), "in_force_precision": "year"}
    published(document("DOC-0001", party_countries=[vietnam], **force))
    published(document("DOC-0002", party_countries=[vietnam]))

    response = client.get(VIET_NAM)

    groups = response.context["related_records"].groups
    assert {group.code: codes(group) for group in groups} == {
        "document-in_force": ["DOC-0001"],
        "document": ["DOC-0002"],
    }
    others = section_of(response.content.decode(), "kind-document")
    assert "Other documents" in others
    # The list is not limited to the other documents.
    assert re.search(r'<a [^>]*href="/en/documents/[^>]*>Documents \(2\)</a>', others)


def test_documents_are_not_other_documents_if_none_is_in_force(client, vietnam):
    published(document("DOC-0002", party_countries=[vietnam]))

    page = text_of(client, VIET_NAM)

    section = section_of(page, "kind-document")
    assert "Other documents" not in page
    assert ">Documents <" in section
    assert "See all (1)" in section


def test_country_page_shows_its_mechanisms(client, vietnam):
    published(mechanism("with-vietnam", other_country=vietnam))
    published(mechanism("with-laos", other_country=published(country("LA"))))

    assert codes(group(client, "mechanism")) == ["with-vietnam"]


def test_missing_values_show_placeholder(client, vietnam):
    published(article(countries=[vietnam]))

    page = text_of(client, VIET_NAM)

    missing = section_of(page, "missing")
    assert "<li>Seminars</li>" in missing
    assert "<li>Visits to China</li>" in missing
    assert "<li>Conferences hosted or organised</li>" in missing
    assert "Articles" not in missing


def test_official_languages_have_no_script(client):
    published(country("SG", national_languages=["ms", "zh"]))

    languages = fact_of(text_of(client, "/en/countries/sg/"), "Official languages")

    assert re.findall(r">([^<>]*\w)</span>", languages) == ["Malay", "Chinese"]


def test_organs_are_nested_by_parent_highest_level_first(client, vietnam):
    top = published(organ("vn-spp", country=vietnam, level="national"))
    county = organ("vn-county", country=vietnam, level="county")
    province = published(
        organ("vn-province", country=vietnam, level="provincial", parent=top)
    )
    county.parent = province
    county.save()
    published(county)
    published(organ("vn-alone", country=vietnam, level="provincial"))
    organ("vn-draft", country=vietnam, parent=top)

    roots = client.get(VIET_NAM).context["related_records"].organs

    assert [node.card.code for node in roots] == ["vn-spp", "vn-alone"]
    assert [node.card.code for node in roots[0].children] == ["vn-province"]
    assert [node.card.code for node in roots[0].children[0].children] == ["vn-county"]


def test_organs_of_a_level_are_in_the_order_of_their_keys(vietnam, monkeypatch):
    top = published(organ("vn-spp", country=vietnam, level="national"))
    keys = ["vn-cao-bang", "vn-da-nang", "vn-ha-giang"]
    published_together(
        *(
            organ(key, country=vietnam, level="provincial", parent=top)
            for key in (keys[1], keys[2], keys[0])
        )
    )

    def get_shown():
        (root,) = load_related_records("country", "VN", DEFAULT_LANGUAGE).organs
        return [node.card.code for node in root.children]

    every = get_shown()
    monkeypatch.setattr(related_records, "_group_limits", lambda: [("organ", "", 3)])
    first = get_shown()

    assert every == keys
    # A list that is cut off has the first ones.
    assert first == keys[:2]


def test_special_region_organ_is_shown_at_top_level(client, countries):
    china = any_country("CN")
    top = published(organ("cn-spp", country=china))
    region = organ("cn-hk", country=china, level="special_region", parent=top)
    published(region)

    roots = client.get("/en/countries/cn/").context["related_records"].organs

    assert [node.card.code for node in roots] == ["cn-spp", "cn-hk"]


def test_organ_with_draft_parent_is_shown_at_top_level(client, vietnam):
    hidden = organ("vn-hidden", country=vietnam, name_en="A Hidden Organ")
    published(organ("vn-below", country=vietnam, parent=hidden))

    page = text_of(client, VIET_NAM)

    # Training institutions are among them.
    assert "Prosecution authorities and related organisations" in section_of(
        page, "organs"
    )
    assert 'href="/en/organs/vn-below/"' in page
    assert "A Hidden Organ" not in page


def test_organ_page_shows_native_name(client, vietnam):
    name = {"name_native": "Viện kiểm sát", "native_language": "vi"}
    published(organ("vn-spp", country=vietnam, name_en="Procuracy", **name))

    assert '<span class="organ-tree__native" lang="vi">Viện kiểm sát</span>' in text_of(
        client, VIET_NAM
    )


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_native_name_in_other_characters_is_not_repeated(client, countries, language):
    names = {"name_en": "Procuratorate", "name_zh_hans": "检察院"}
    native = {"native_language": "zh"}
    native["name_native"] = "檢察院" if language == "zh-hans" else "检察院"
    published(organ("cn-hk", country=any_country("CN"), **names, **native))

    pages = [
        text_of(client, f"/{language}/countries/cn/"),
        text_of(client, f"/{language}/organs/cn-hk/"),
    ]

    is_shown = ["organ-tree__native" in pages[0], 'class="lead original"' in pages[1]]
    assert is_shown == [language == "en"] * 2


def test_organ_page_shows_children_and_filtered_list_links(client, vietnam):
    top = published(organ("vn-spp", country=vietnam))
    published(organ("vn-below", country=vietnam, parent=top))
    other_organ = published(organ("vn-other", country=vietnam))
    published_together(
        *(article(f"n{number}", organs=[top]) for number in range(1, 8)),
        article("other", organs=[other_organ]),
    )

    holdings = client.get("/en/organs/vn-spp/").context["related_records"]
    articles = next(group for group in holdings.groups if group.code == "article")

    assert [node.card.code for node in holdings.organs] == ["vn-below"]
    assert articles.url == "/en/news/?organ=vn-spp"
    listed = client.get(articles.url).context
    assert (articles.list_count, listed["pager"].count) == (7, 7)
    assert [str(item.label) for item in listed["active_filters"]] == [
        "Organisation: vn-spp"
    ]


def test_filter_form_shows_organ_field_only_when_filtered_by_organ(client):
    names = [
        [field.name for field in client.get(path).context["filter_fields"]]
        for path in ("/en/news/", "/en/news/?organ=vn-spp")
    ]

    assert "organ" not in names[0]
    assert "organ" in names[1]


def publish_rows(number, vietnam, top) -> None:
    """Publish organs, articles and mechanisms of a country and of one of its organs."""
    records = []
    for _ in range(number):
        records += [
            organ(country=vietnam, parent=top),
            article(countries=[vietnam], organs=[top]),
            mechanism(other_country=vietnam, side_b_organs=[top]),
        ]
    published_together(*records)


def test_page_items_and_queries_are_bounded(client, vietnam, django_assert_num_queries):
    top = published(organ("vn-spp", country=vietnam))
    limits = {code: get_kind(code).related_limit for code in ("article", "mechanism")}
    existing = 0
    with collect_failures() as failures:
        for rows in (1, 3, max(limits.values()) + 1):
            publish_rows(rows - existing, vietnam, top)
            existing = rows
            for address in (VIET_NAM, "/en/organs/vn-spp/"):
                cache.clear()
                with failures.case(rows, address), django_assert_num_queries(7):
                    holdings = client.get(address).context["related_records"]
                with failures.case(rows, address, "entries"):
                    shown = {
                        group.code: len(group.entries) for group in holdings.groups
                    }
                    assert shown == {
                        code: min(rows, limit) for code, limit in limits.items()
                    }
