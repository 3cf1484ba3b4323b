import datetime as dt

import pytest

from portal.conference.models import Document, Edition
from portal.languages import BY_CODE, UNDETERMINED
from portal.publishing.links import Link, link_to, load_links, relations_of
from portal.translations.shown import Shown
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, party, place, topic
from tests.factories.publishing import AT, published, scheduled, withdrawn
from tests.pages import text_of

pytestmark = pytest.mark.django_db
EN, HANS, HANT, VI = (BY_CODE[code] for code in ("en", "zh-hans", "zh-hant", "vi"))


def test_link_names_key_name_country_and_page():
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
        Link("cn-spp", Shown("SPP", EN), "CN", "organs/cn-spp/")
    ]
    assert links["host_parties"] == [
        Link("", Shown("Sample Ministry", UNDETERMINED), "CN", "")
    ]
    zone = links["places"][0].zone
    assert zone == "Asia/Ho_Chi_Minh"
    assert links["places"] == [Link("nanning", Shown("Nanning", EN), "CN", "", zone)]
    assert links["topics"] == [Link("training", Shown("Training", EN), "", "")]
    assert links["organiser_organs"] == []


def test_every_relation_of_every_record_is_there():
    records = [edition(1), edition(2)]
    names = {relation.name for relation in relations_of(Edition)}

    found = load_links(records, EN)

    assert {pk: set(links) for pk, links in found.items()} == {
        record.pk: names for record in records
    }
    assert load_links([], EN) == {}


def test_links_keep_the_order_in_which_they_were_entered():
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
        found = load_links(records, VI)

    assert len(found) == rows
    for links in found.values():
        counts = {name: len(of_relation) for name, of_relation in links.items()}
        assert counts == {
            "party_organs": 2,
            "named_parties": 1,
            "party_countries": 1,
            "topics": 1,
        }


def test_names_follow_the_readers_language_and_its_fallbacks():
    record = edition(
        topics=[
            topic("both", name_en="Training", name_zh_hans="培训"),
            topic("chinese", name_en="", name_zh_hans="边境"),
        ]
    )

    told = {
        language.code: [link.name for link in links["topics"]]
        for language in (EN, HANS, HANT, VI)
        for links in load_links([record], language).values()
    }

    assert told == {
        "en": [Shown("Training", EN), Shown("边境", HANS, True)],
        "zh-hans": [Shown("培训", HANS), Shown("边境", HANS)],
        "zh-hant": [
            Shown("培訓", HANT, is_converted=True),
            Shown("邊境", HANT, is_converted=True),
        ],
        "vi": [Shown("Training", EN, True), Shown("边境", HANS, True)],
    }


def test_unpublished_targets_are_left_out_for_the_public():
    organs = [
        published(organ("public")),
        organ("draft"),
        withdrawn(organ("withdrawn")),
        scheduled(organ("scheduled"), AT + dt.timedelta(hours=1)),
    ]
    record = edition(host_organs=organs, host_parties=[party()], places=[place("hue")])

    everyone = load_links([record], EN)[record.pk]
    public = load_links([record], EN, only_public=True)[record.pk]

    assert [(link.key, link.path) for link in everyone["host_organs"]] == [
        ("public", "organs/public/"),
        ("draft", ""),
        ("withdrawn", ""),
        ("scheduled", ""),
    ]
    assert [link.key for link in public["host_organs"]] == ["public"]
    assert [link.name.text for link in public["host_parties"]] == ["Sample Ministry"]
    assert [link.key for link in public["places"]] == ["hue"]


def test_link_to_one_record_is_there_only_while_it_is_public():
    hidden, shown = country("LA"), published(country("VN"))

    assert link_to(None, EN) is None
    assert link_to(hidden, EN) is None
    assert link_to(shown, EN) == Link("VN", Shown("Viet Nam", EN), "", "countries/vn/")


def test_link_to_a_place_has_no_page():
    assert link_to(place("hue"), EN).path == ""


def test_draft_that_a_public_record_points_to_is_not_told(client):
    record = published(edition(1, host_organs=[organ("draft", name_en="Secret Organ")]))
    published(article(organs=[organ("other", name_en="Another Secret")]))

    page = client.get(f"/en/conference/{record.number}/").content.decode()
    api = client.get("/api/v1/editions/1/").json()

    assert "Secret Organ" not in page
    assert api["host_organs"] == []
    assert Document.objects.count() == 0


def test_party_is_in_a_language_that_nobody_has_told(client):
    ministry = party("Bộ Tư pháp")
    published(edition(1, host_parties=[ministry], topics=[topic("a", name_en="Law")]))

    page = text_of(client, "/en/conference/1/")
    told = client.get("/api/v1/editions/1/?lang=vi").json()

    assert '<span lang="">Bộ Tư pháp</span>' in page
    assert '<span lang="en">Law</span>' in page
    assert told["host_parties"] == [
        {"key": "", "name": "Bộ Tư pháp", "language": "und", "country": "VN"}
    ]
    assert told["topics"][0]["language"] == "en"
