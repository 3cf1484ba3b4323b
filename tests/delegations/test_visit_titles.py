"""Titles of visits that are formed where none is written."""

import datetime as dt

import pytest
from django.utils import translation

from delegations.titles import visit_title, visit_title_facts
from portal.content.catalogue.title_names import TitleNames
from portal.content.publishing.links import load_links
from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE
from tests.factories.delegations import visit
from tests.factories.directory import organ, party, place
from tests.factories.publishing import published, published_together

NAMES = {
    "country": {
        "CN": {"en": "China", "zh-hans": "中国", "th": "จีน"},
        "VN": {"en": "Viet Nam", "zh-hans": "越南", "th": "เวียดนาม"},
    },
    "organ": {"vn-spp": {"en": "Vietnamese Procuracy", "zh-hans": "越南检察院"}},
    "place": {"guangxi": {"en": "Guangxi", "vi": "Quảng Tây"}},
}
FACTS = {"from": "VN", "to": "CN", "from_organ": "vn-spp", "date": "2009-07"}
FROM_GUANGXI = {"from": "CN", "from_area": "guangxi", "to": "VN", "date": "2025"}


@pytest.mark.parametrize(
    ("language", "facts", "title"),
    [
        ("en", FACTS, "Delegation of the Vietnamese Procuracy to China (July 2009)"),
        ("zh-hans", FACTS, "越南检察院代表团访问中国（2009年7月）"),
        ("zh-hant", FACTS, "越南檢察院代表團訪問中國（2009年7月）"),
        (
            "en",
            {**FACTS, "from_organ": "", "date": "2009-07-20/2009-07-27"},
            "Delegation from Viet Nam to China (20–27 July 2009)",
        ),
        ("en", FROM_GUANGXI, "Delegation from Guangxi (China) to Viet Nam (2025)"),
        # The area has no name in the language.
        ("zh-hans", FROM_GUANGXI, "中国代表团访问越南（2025年）"),
        (
            "en",
            {"from": "VN", "to": "CN", "date": ""},
            "Delegation from Viet Nam to China",
        ),
        ("en", {"from": "LA", "to": "CN"}, "Delegation to China"),
        # Names in another language are not used.
        ("km", FACTS, None),
    ],
)
def test_visit_title_names_organ_or_area_or_countries_and_date(language, facts, title):
    with translation.override(language):
        result = visit_title(facts, TitleNames(NAMES, LANGUAGES_BY_CODE[language]))

    assert (result and result.text) == title


@pytest.mark.django_db
def test_visit_facts_have_the_only_organ_that_travelled():
    one = published(organ("vn-one"))
    other = published(organ("vn-other"))
    date = {"starts_on": dt.date(2009, 7, 20), "date_precision": "day"}
    records = [
        visit(from_organs=[one], **date),
        visit(from_organs=[one, other], **date),
        visit(from_organs=[one], from_parties=[party()], **date),
        visit(from_organs=[organ("vn-draft")], **date),
    ]
    links = load_links(records, DEFAULT_LANGUAGE)

    facts = [visit_title_facts(record, links[record.pk]) for record in records]

    assert [item["from_organ"] for item in facts] == ["vn-one", "", "", ""]
    assert {item["date"] for item in facts} == {"2009-07-20"}


@pytest.mark.django_db
def test_visit_facts_have_the_area_that_all_organs_share():
    hanoi, hue = place("hanoi"), place("hue")
    city, court, province, country = published_together(
        organ("vn-city", area=hanoi),
        organ("vn-court", area=hanoi),
        organ("vn-province", area=hue),
        organ("vn-country"),
    )
    records = [
        visit(from_organs=[city, court]),
        visit(from_organs=[city, court], from_parties=[party()]),
        visit(from_organs=[city, province]),
        visit(from_organs=[city, country]),
        visit(from_organs=[organ("vn-draft", area=hue)]),
    ]
    links = load_links(records, DEFAULT_LANGUAGE)

    facts = [visit_title_facts(record, links[record.pk]) for record in records]

    assert [item["from_area"] for item in facts] == ["hanoi", "", "", "", ""]


@pytest.mark.parametrize("language", LANGUAGES_BY_CODE)
def test_dated_and_undated_titles_are_worded_alike(language):
    texts = {"CN": {language: "Aaa"}, "VN": {language: "Bbb"}}
    names = TitleNames({"country": texts}, LANGUAGES_BY_CODE[language])
    facts = {"from": "VN", "to": "CN", "date": "2009-07"}

    with translation.override(language):
        dated = visit_title(facts, names).text
        undated = visit_title({**facts, "date": ""}, names).text

    assert dated.startswith(undated)
    assert "2009" in dated.removeprefix(undated)
