"""Page that shows a reader the organs on the other side of the border."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchanges.choices import MechanismState
from portal.reference.directory.choices import OrganLevel
from tests.factories.directory import any_country, country, organ, party, place
from tests.factories.exchanges import mechanism
from tests.factories.publishing import published, published_together, withdrawn
from tests.page_html import missing_value, text_of

pytestmark = pytest.mark.django_db
URL = "/en/counterparts/"


@pytest.fixture(autouse=True)
def countries(db):
    return published_together(country("CN"), country("VN"))


def chinese_organ(key, level=OrganLevel.PROVINCIAL, **values):
    return organ(key, country=any_country("CN"), level=level, **values)


def shown(client, key: str) -> dict[str, list[str]]:
    """Return the keys of the counterparts by mechanism."""
    groups = client.get(f"{URL}?organ={key}").context["groups"]
    return {
        group.mechanism.key: [item.organ.key for item in group.counterparts]
        for group in groups
    }


def test_counterparts_are_the_organs_of_the_other_side(client):
    guangxi, yunnan = chinese_organ("cn-gx"), chinese_organ("cn-yn")
    lang_son, ha_giang = organ("vn-lang-son"), organ("vn-ha-giang")
    published_together(guangxi, yunnan, lang_son, ha_giang)
    published_together(
        mechanism(
            "both", side_a_organs=[guangxi, yunnan], side_b_organs=[lang_son, ha_giang]
        ),
        mechanism("one", side_a_organs=[guangxi], side_b_organs=[lang_son]),
    )

    assert shown(client, "cn-gx") == {
        "both": ["vn-lang-son", "vn-ha-giang"],
        "one": ["vn-lang-son"],
    }
    assert shown(client, "cn-yn") == {"both": ["vn-lang-son", "vn-ha-giang"]}
    assert shown(client, "vn-lang-son") == {
        "both": ["cn-gx", "cn-yn"],
        "one": ["cn-gx"],
    }


def test_counterparts_of_the_nearest_organ_above_are_shown_with_its_name(client):
    top = chinese_organ("cn-spp", OrganLevel.NATIONAL)
    guangxi = chinese_organ("cn-gx", parent=top)
    chongzuo = chinese_organ("cn-gx-chongzuo", OrganLevel.PREFECTURAL, parent=guangxi)
    pingxiang = chinese_organ("cn-gx-pingxiang", OrganLevel.COUNTY, parent=chongzuo)
    hanoi, lang_son = organ("vn-spp"), organ("vn-lang-son")
    published_together(top, guangxi, chongzuo, pingxiang, hanoi, lang_son)
    published_together(
        mechanism("state", side_a_organs=[top], side_b_organs=[hanoi]),
        mechanism("province", side_a_organs=[guangxi], side_b_organs=[lang_son]),
    )

    assert shown(client, "cn-gx-pingxiang") == {"province": ["vn-lang-son"]}
    html = text_of(client, f"{URL}?organ=cn-gx-pingxiang")
    assert "These are the mechanisms of its higher-level organisation:" in html
    assert "arrangements of the organ above it" not in text_of(
        client, f"{URL}?organ=cn-gx"
    )


def test_organ_of_a_special_region_has_no_counterparts_of_another_organ(client):
    top = chinese_organ("cn-spp", OrganLevel.NATIONAL)
    region = chinese_organ("cn-hk-doj", OrganLevel.SPECIAL_REGION, parent=top)
    hanoi = organ("vn-spp")
    published_together(top, region, hanoi)
    published(mechanism(side_a_organs=[top], side_b_organs=[hanoi]))

    assert shown(client, "cn-hk-doj") == {}


def test_organ_without_counterparts_shows_that_none_is_on_record(client):
    published(chinese_organ("cn-ha"))

    html = text_of(client, f"{URL}?organ=cn-ha")

    assert "There is no information on a counterpart of this organisation" in html


def test_unpublished_rows_are_not_shown(client):
    guangxi, hidden = chinese_organ("cn-gx"), organ("vn-hidden", name_en="Hidden organ")
    lang_son, gone = organ("vn-lang-son"), organ("vn-gone", name_en="Organ gone")
    above = chinese_organ("cn-above")
    below = chinese_organ("cn-below", parent=above)
    published_together(guangxi, lang_son, below)
    withdrawn(gone)
    published_together(
        mechanism("shown", side_a_organs=[guangxi], side_b_organs=[lang_son, hidden]),
        mechanism("above", side_a_organs=[above], side_b_organs=[lang_son]),
        mechanism("only-gone", side_a_organs=[guangxi], side_b_organs=[gone]),
    )
    mechanism("draft", side_a_organs=[guangxi], side_b_organs=[lang_son])

    assert shown(client, "cn-gx") == {"shown": ["vn-lang-son"], "only-gone": []}
    assert shown(client, "cn-below") == {}
    html = text_of(client, f"{URL}?organ=cn-gx")
    assert "Hidden organ" not in html
    assert "Organ gone" not in html
    assert missing_value("The organisations on the other side are not known.") in html
    for key in ("vn-hidden", "vn-gone", "cn-above"):
        assert f"“{key}” is not an option." in text_of(client, f"{URL}?organ={key}")


def test_seat_and_website_are_shown_as_far_as_on_record(client):
    guangxi = chinese_organ("cn-gx")
    known = organ(
        "vn-quang-ninh",
        website="https://vks.example",
        place=place("ha-long", name_en="Ha Long"),
    )
    unknown = organ("vn-lang-son")
    published_together(guangxi, known, unknown)
    published(mechanism(side_a_organs=[guangxi], side_b_organs=[known, unknown]))

    first, second = text_of(client, f"{URL}?organ=cn-gx").split(
        'href="/en/organs/vn-lang-son/"'
    )

    assert 'href="https://vks.example" rel="external noopener noreferrer"' in first
    assert "Ha Long" in first
    assert second.count(missing_value("Not known")) == 2


def test_party_that_is_no_organ_is_named_without_a_link(client):
    guangxi = chinese_organ("cn-gx")
    published(guangxi)
    regions = party("Organs of border regions")
    published(
        mechanism(
            side_a_organs=[guangxi],
            side_b_parties=[regions],
            state=MechanismState.SUSPENDED,
        )
    )

    html = text_of(client, f"{URL}?organ=cn-gx")

    assert '<span lang="">Organs of border regions</span>' in html
    assert "The source does not name an organisation." in html
    assert "suspended" in html


def offered(client, url: str = URL) -> dict[str, list[str]]:
    """Return the keys of the organs that the form offers, by country."""
    groups = client.get(url).context["option_groups"]
    return {
        str(group["country"]): [option["key"] for option in group["options"]]
        for group in groups
    }


def test_form_offers_organs_with_counterparts_by_country(client):
    top = chinese_organ("cn-spp", OrganLevel.NATIONAL)
    guangxi = chinese_organ("cn-gx")
    hanoi, draft, alone = organ("vn-spp"), organ("vn-draft"), organ("vn-alone")
    published_together(top, guangxi, hanoi, alone)
    published_together(
        mechanism(side_a_organs=[top, guangxi], side_b_organs=[hanoi]),
        mechanism(side_b_organs=[alone]),
    )
    mechanism(side_a_organs=[top], side_b_organs=[draft, alone])

    assert offered(client) == {"China": ["cn-spp", "cn-gx"], "Viet Nam": ["vn-spp"]}
    selected = client.get(f"{URL}?organ=cn-gx").context["option_groups"][0]["options"]
    assert [option["is_selected"] for option in selected] == [False, True]


def test_form_offers_organs_whose_counterparts_are_those_of_an_organ_above(client):
    top = chinese_organ("cn-spp", OrganLevel.NATIONAL)
    guangxi = chinese_organ("cn-gx", parent=top)
    chongzuo = chinese_organ("cn-gx-chongzuo", OrganLevel.PREFECTURAL, parent=guangxi)
    pingxiang = chinese_organ("cn-gx-pingxiang", OrganLevel.COUNTY, parent=chongzuo)
    draft = chinese_organ("cn-draft", parent=top)
    below_draft = chinese_organ("cn-below", OrganLevel.PREFECTURAL, parent=draft)
    region = chinese_organ("cn-hk-doj", OrganLevel.SPECIAL_REGION, parent=top)
    below_region = chinese_organ("cn-hk", OrganLevel.PREFECTURAL, parent=region)
    published_together(top, guangxi, chongzuo, pingxiang)
    published_together(below_draft, region, below_region)
    published(mechanism(side_a_organs=[top], side_b_parties=[party("Border regions")]))

    assert offered(client) == {
        "China": ["cn-spp", "cn-gx", "cn-gx-chongzuo", "cn-gx-pingxiang"]
    }
    for key in ("cn-below", "cn-hk-doj", "cn-hk"):
        assert shown(client, key) == {}


def test_form_offers_the_organ_of_the_page_although_it_has_no_counterparts(client):
    guangxi, lang_son = chinese_organ("cn-gx"), organ("vn-lang-son")
    published_together(guangxi, lang_son, chinese_organ("cn-ha"))
    published(mechanism(side_a_organs=[guangxi], side_b_organs=[lang_son]))

    assert offered(client)["China"] == ["cn-gx"]
    assert offered(client, f"{URL}?organ=cn-ha")["China"] == ["cn-gx", "cn-ha"]


def test_page_without_a_chosen_organ_shows_help(client):
    guangxi, lang_son = chinese_organ("cn-gx"), organ("vn-lang-son")
    published_together(guangxi, lang_son)
    published(mechanism(side_a_organs=[guangxi], side_b_organs=[lang_son]))

    for url in (URL, f"{URL}?organ="):
        html = text_of(client, url)
        assert '<option value="" lang="en">Choose an office</option>' in html
        assert " selected>" not in html
        assert "The list shows the offices that have a cooperation mechanism" in html
        assert 'id="counterparts"' not in html
        assert "is not known here." not in html
    assert "The list shows the offices" not in text_of(client, f"{URL}?organ=cn-gx")


def test_page_without_mechanisms_has_no_form(client):
    published(chinese_organ("cn-gx"))

    html = text_of(client, URL)

    assert "There is nothing here yet." in html
    assert 'id="own-organ"' not in html


@pytest.mark.parametrize("key", ["none", "%00", "x" * 3000, "cn-gx%27"])
def test_unknown_organ_is_reported(client, key):
    published(chinese_organ("cn-gx"))

    response = client.get(f"{URL}?organ={key}")

    assert response.status_code == 200
    assert "is not an option." in response.content.decode()
    assert "groups" not in response.context


def test_organ_page_links_to_its_counterparts(client):
    published(chinese_organ("cn-gx"))

    assert f'href="{URL}?organ=cn-gx"' in text_of(client, "/en/organs/cn-gx/")
    assert f'href="{URL}"' in text_of(client, "/en/exchanges/")


def test_number_of_queries_does_not_grow(client):
    guangxi = chinese_organ("cn-gx")
    published(guangxi)
    counts = []
    for number in (1, 2, 17):
        others = [organ(place=place()) for _ in range(number)]
        published_together(*others)
        published_together(
            *(
                mechanism(side_a_organs=[guangxi], side_b_organs=others)
                for _ in range(number)
            )
        )
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{URL}?organ=cn-gx")
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts
