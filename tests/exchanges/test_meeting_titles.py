"""Titles of mechanisms and meetings that are formed where none is written."""

import pytest
from django.utils import translation

from exchanges.titles import mechanism_title, mechanism_title_facts, meeting_title
from portal.content.catalogue.title_names import TitleNames
from portal.content.publishing.links import load_links
from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE
from tests.factories.directory import any_country, organ, party, place
from tests.factories.exchanges import mechanism
from tests.factories.publishing import published_together

NAMES = {
    "country": {
        "CN": {"en": "China", "zh-hans": "中国"},
        "VN": {"en": "Viet Nam", "zh-hans": "越南", "my": "ဗီယက်နမ်"},
    },
    "place": {"guangxi": {"en": "Guangxi"}, "cao-bang": {"en": "Cao Bang"}},
}
COUNTRIES = {"area_a": "", "country_a": "CN", "area_b": "", "country_b": "VN"}


@pytest.mark.parametrize(
    ("language", "facts", "title"),
    [
        (
            "en",
            {"other": "VN", "number": 2, "date": "2019-11"},
            (
                "Meeting of the procuratorates of China and Viet Nam, number 2 "
                "(November 2019)"
            ),
        ),
        (
            "zh-hans",
            {"other": "VN", "number": 2, "date": "2019-11"},
            "中国与越南检察机关第2次会晤（2019年11月）",
        ),
        (
            "my",
            # The number as in the titles of editions; dates have digits 0 to 9.
            {"other": "VN", "number": 2, "date": "2018"},
            ("တရုတ်နှင့် ဗီယက်နမ်တို့၏ (၂) ကြိမ်မြောက် အစိုးရရှေ့နေအဖွဲ့အစည်းများ အစည်းအဝေး (2018)"),
        ),
        (
            "en",
            {"other": "VN", "number": None, "date": "2018"},
            "Meeting of the procuratorates of China and Viet Nam (2018)",
        ),
        (
            "en",
            {"other": "VN", "number": 2},
            "Meeting of the procuratorates of China and Viet Nam, number 2",
        ),
        ("en", {"other": "", "number": 2, "date": "2018"}, None),
        ("km", {"other": "VN", "number": 2, "date": "2018"}, None),
    ],
)
def test_meeting_title_names_country_number_and_date(language, facts, title):
    with translation.override(language):
        result = meeting_title(facts, TitleNames(NAMES, LANGUAGES_BY_CODE[language]))

    assert (result and result.text) == title


@pytest.mark.parametrize("language", LANGUAGES_BY_CODE)
def test_dated_and_undated_titles_are_worded_alike(language):
    names = TitleNames(
        {"country": {"VN": {language: "Bbb"}}}, LANGUAGES_BY_CODE[language]
    )
    for number in (2, None):
        facts = {"other": "VN", "number": number, "date": "2018"}

        with translation.override(language):
            dated = meeting_title(facts, names).text
            undated = meeting_title({**facts, "date": ""}, names).text

        assert dated.startswith(undated)
        assert "2018" in dated.removeprefix(undated)


@pytest.mark.parametrize(
    ("kind", "sides", "title"),
    [
        (
            "regular_meeting",
            {},
            "Regular border meeting of the prosecution services of China and Viet Nam",
        ),
        (
            "direct_coordination",
            {"area_a": "guangxi"},
            (
                "Direct cross-border cooperation of the prosecution services of "
                "Guangxi (China) and Viet Nam"
            ),
        ),
        (
            "border_cooperation",
            {"area_a": "guangxi", "area_b": "cao-bang"},
            ("Border cooperation of the prosecution services of Guangxi and Cao Bang"),
        ),
        ("regular_meeting", {"country_b": ""}, None),
        # A name on record tells more than a title without the area.
        ("regular_meeting", {"area_b": "without-name"}, None),
    ],
)
def test_mechanism_title_names_kind_and_sides(kind, sides, title):
    facts = {"mechanism_kind": kind, **COUNTRIES, **sides}

    result = mechanism_title(facts, TitleNames(NAMES, DEFAULT_LANGUAGE))

    assert (result and result.text) == title


@pytest.mark.django_db
def test_side_of_a_mechanism_is_the_area_of_all_its_organs():
    guangxi, cao_bang = place("guangxi"), place("cao-bang")
    one, other, national, province = published_together(
        organ("cn-one", area=guangxi),
        organ("cn-other", area=guangxi),
        organ("cn-national"),
        organ("vn-province", area=cao_bang),
    )
    vietnam = {"other_country": any_country("VN")}
    records = [
        mechanism(side_a_organs=[one, other], side_b_organs=[province], **vietnam),
        mechanism(side_a_organs=[one, national], side_b_parties=[party()], **vietnam),
        mechanism(side_a_organs=[organ("cn-draft", area=guangxi)]),
    ]
    links = load_links(records, DEFAULT_LANGUAGE)

    facts = [mechanism_title_facts(record, links[record.pk]) for record in records]

    assert [(item["area_a"], item["area_b"], item["country_b"]) for item in facts] == [
        ("guangxi", "cao-bang", "VN"),
        ("", "", "VN"),
        ("", "", ""),
    ]
