import datetime as dt

import pytest

from portal.conference.models import Document, Edition
from portal.content.publishing.links import (
    Link,
    build_link,
    get_link_relations,
    load_links,
)
from portal.core.languages import LANGUAGES_BY_CODE, UNDETERMINED_LANGUAGE
from portal.core.translations.localized_text import LocalizedText, get_fallback_chain
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, party, place, topic
from tests.factories.publishing import AT, published, scheduled, withdrawn
from tests.page_html import text_of

pytestmark = pytest.mark.django_db
EN, HANS, HANT, VI = (
    LANGUAGES_BY_CODE[code] for code in ("en", "zh-hans", "zh-hant", "vi")
)


def test_link_has_key_name_country_and_url():
    china = country("CN")
    host = published(
        organ("cn-spp", country=china, name_en="SPP", name_zh_hans="最高检")
    )
    record = edition(
        host_organs=[host],
        host_parties=[party("Sample Ministry", country=china)],
        places=[place("nanning", country=china)],
        topics=[topic("training", name_en="Training")],
    )

    links = load_links([record], EN)[record.pk]

    assert links["host_organs"] == [
        Link("cn-spp", LocalizedText("SPP", EN), "CN", "organs/cn-spp/")
    ]
    assert links["host_parties"] == [
        Link("", LocalizedText("Sample Ministry", UNDETERMINED_LANGUAGE), "CN", "")
    ]
    zone = links["places"][0].time_zone
    assert zone == "Asia/Ho_Chi_Minh"
    assert links["places"] == [
        Link("nanning", LocalizedText("Nanning", EN), "CN", "", zone)
    ]
    assert links["topics"] == [Link("training", LocalizedText("Training", EN), "", "")]
    assert links["organiser_organs"] == []


@pytest.mark.parametrize("language", [EN, HANS, HANT, VI], ids=lambda item: item.code)
def test_link_to_an_organ_has_its_area_and_the_organ_above(language):
    names = {"name_en": "Guangxi", "name_vi": "Quảng Tây", "name_local": "广西"}
    area = place("guangxi", local_language="zh-Hans", **names)
    above = organ("cn-spp")
    record = edition(host_organs=[organ("cn-gx", area=area, parent=above), above])

    link, link_above = load_links([record], language)[record.pk]["host_organs"]

    assert (link.area, link.parent) == ("guangxi", "cn-spp")
    assert link.area_row == f"directory.place:{area.pk}"
    texts = {"en": "Guangxi", "zh-hans": "广西", "vi": "Quảng Tây"}
    expected = {code: texts.get(code) for code in get_fallback_chain(language)}
    assert {code: link.area_texts.get(code) or None for code in expected} == expected
    assert (link_above.area, link_above.area_row, link_above.parent) == ("", "", "")
    assert link_above.area_texts == {}


def test_every_relation_of_every_kind_is_loaded():
    records = [edition(1), edition(2)]
    names = {relation.name for relation in get_link_relations(Edition)}

    links_by_pk = load_links(records, EN)

    assert {pk: set(links) for pk, links in links_by_pk.items()} == {
        record.pk: names for record in records
    }
    assert load_links([], EN) == {}


def test_links_keep_entry_order():
    rows = [organ(key) for key in ("c-organ", "a-organ", "b-organ")]
    record = edition()
    for row in rows:
        record.host_organs.add(row)

    links = load_links([record], EN)[record.pk]

    assert [link.key for link in links["host_organs"]] == [
        "c-organ",
        "a-organ",
        "b-organ",
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_links_of_any_number_of_records_take_one_query(rows, django_assert_num_queries):
    vietnam = country("VN")
    records = [
        document(
            party_organs=[organ(), organ()],
            named_parties=[party(f"Ministry {number}")],
            party_countries=[vietnam],
            topics=[topic()],
        )
        for number in range(rows)
    ]

    with django_assert_num_queries(1):
        links_by_pk = load_links(records, VI)

    assert len(links_by_pk) == rows
    for links in links_by_pk.values():
        counts = {name: len(relation_links) for name, relation_links in links.items()}
        assert counts == {
            "party_organs": 2,
            "named_parties": 1,
            "party_countries": 1,
            "topics": 1,
        }


def test_names_follow_reader_language_and_fallbacks():
    record = edition(
        topics=[
            topic("both", name_en="Training", name_zh_hans="培训"),
            topic("chinese", name_en="", name_zh_hans="边境"),
        ]
    )

    names = {
        language.code: [link.name for link in links["topics"]]
        for language in (EN, HANS, HANT, VI)
        for links in load_links([record], language).values()
    }

    assert names == {
        "en": [LocalizedText("Training", EN), LocalizedText("边境", HANS, True)],
        "zh-hans": [LocalizedText("培训", HANS), LocalizedText("边境", HANS)],
        "zh-hant": [
            LocalizedText("培訓", HANT, is_converted=True),
            LocalizedText("邊境", HANT, is_converted=True),
        ],
        "vi": [LocalizedText("Training", EN, True), LocalizedText("边境", HANS, True)],
    }


def test_unpublished_targets_are_omitted_for_public():
    organs = [
        published(organ("public")),
        organ("draft"),
        withdrawn(organ("withdrawn")),
        scheduled(organ("scheduled"), AT + dt.timedelta(hours=1)),
    ]
    record = edition(host_organs=organs, host_parties=[party()], places=[place("hue")])

    all_links = load_links([record], EN)[record.pk]
    public_links = load_links([record], EN, only_public=True)[record.pk]

    assert [(link.key, link.url_path) for link in all_links["host_organs"]] == [
        ("public", "organs/public/"),
        ("draft", ""),
        ("withdrawn", ""),
        ("scheduled", ""),
    ]
    assert [link.key for link in public_links["host_organs"]] == ["public"]
    assert [link.name.text for link in public_links["host_parties"]] == [
        "Sample Ministry"
    ]
    assert [link.key for link in public_links["places"]] == ["hue"]


def test_single_link_requires_published_target():
    hidden, public = country("LA"), published(country("VN"))

    assert build_link(None, EN) is None
    assert build_link(hidden, EN) is None
    assert build_link(public, EN) == Link(
        "VN", LocalizedText("Viet Nam", EN), "", "countries/vn/"
    )


def test_place_link_has_no_url():
    assert build_link(place("hue"), EN).url_path == ""


def test_related_draft_is_omitted(client):
    record = published(edition(1, host_organs=[organ("draft", name_en="Secret Organ")]))
    published(article(organs=[organ("other", name_en="Another Secret")]))

    page = client.get(f"/en/conference/{record.number}/").content.decode()
    data = client.get("/api/v1/editions/1/").json()

    assert "Secret Organ" not in page
    assert data["host_organs"] == []
    assert Document.objects.count() == 0


def test_party_name_has_undetermined_language(client):
    ministry = party("Bộ Tư pháp")
    published(edition(1, host_parties=[ministry], topics=[topic("a", name_en="Law")]))

    page = text_of(client, "/en/conference/1/")
    data = client.get("/api/v1/editions/1/?lang=vi").json()

    assert '<span lang="">Bộ Tư pháp</span>' in page
    assert '<a href="/en/topics/a/" lang="en">Law</a>' in page
    assert data["host_parties"] == [
        {
            "key": "",
            "name": "Bộ Tư pháp",
            "language": "und",
            "name_basis": None,
            "is_draft": False,
            "country": "VN",
        }
    ]
    assert data["topics"][0]["language"] == "en"
