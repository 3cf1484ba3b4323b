"""Titles of visits that are formed where none is written."""

import datetime as dt

import pytest
from django.utils import translation

from delegations.titles import visit_title, visit_title_facts
from portal.content.catalogue.title_names import TitleNames
from portal.content.publishing.links import load_links
from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE
from tests.factories.delegations import visit
from tests.factories.directory import organ, party
from tests.factories.publishing import published

NAMES = {
    "country": {
        "CN": {"en": "China", "zh-hans": "中国", "th": "จีน"},
        "VN": {"en": "Viet Nam", "zh-hans": "越南", "th": "เวียดนาม"},
    },
    "organ": {"vn-spp": {"en": "Vietnamese Procuracy", "zh-hans": "越南检察院"}},
}
FACTS = {"from": "VN", "to": "CN", "from_organ": "vn-spp", "date": "2009-07"}


@pytest.mark.parametrize(
    ("language", "facts", "title"),
    [
        ("en", FACTS, "Delegation of the Vietnamese Procuracy to China, July 2009"),
        ("zh-hans", FACTS, "越南检察院代表团访问中国（2009年7月）"),
        ("zh-hant", FACTS, "越南檢察院代表團訪問中國（2009年7月）"),
        ("th", FACTS, "คณะผู้แทนจากเวียดนามเยือนจีน กรกฎาคม 2009 (พ.ศ. 2552)"),
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
def test_visit_title_names_organ_or_countries_and_month(language, facts, title):
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
    assert {item["date"] for item in facts} == {"2009-07"}
