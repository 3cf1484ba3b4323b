"""Titles of documents that are formed where none is written."""

import datetime as dt

import pytest
from django.utils import translation

from portal.conference.choices import DocumentKind
from portal.conference.titles import document_title, document_title_facts
from portal.content.catalogue.title_names import TitleNames
from portal.content.publishing.links import load_links
from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE
from tests.catalogues import use_catalogues, write_catalogue
from tests.factories.conference import document, edition
from tests.factories.directory import (
    any_country,
    country,
    organ,
    party,
    place,
    topic,
)
from tests.factories.publishing import published, published_together
from tests.failures import collect_failures

NAMES = {
    "country": {
        "CN": {"en": "China", "zh-hans": "中国", "lo": "ຈີນ", "vi": "Trung Quốc"},
        "TH": {"en": "Thailand", "zh-hans": "泰国", "lo": "ໄທ", "vi": "Thái Lan"},
    },
    "organ": {
        "cn-spp": {"en": "Chinese Procuratorate", "zh-hans": "中国检察院"},
        "th-oag": {"en": "Thai Prosecution Office", "zh-hans": "泰国检察院"},
    },
    "topic": {
        "extradition": {"en": "Extradition", "zh-hans": "引渡", "vi": "Dẫn độ"},
        "arbitration": {"en": "Arbitration", "zh-hans": "调解与仲裁"},
        "drugs": {"zh-hans": "毒品犯罪"},
    },
    "place": {
        "guangxi": {"en": "Guangxi", "vi": "Quảng Tây"},
        "phuket": {"en": "Phuket", "vi": "Phuket"},
    },
}
ADOPTED = {"edition": {"number": 14, "name_order": "asean-china"}}
COUNTRIES = [["", "CN"], ["", "TH"]]
ORGANS = {"parties": "organs", "organs": ["cn-spp", "th-oag"], "sides": COUNTRIES}
STATES = {"parties": "states", "sides": COUNTRIES}
AREAS = {"parties": "organs", "sides": [["guangxi", "CN"], ["phuket", "TH"]]}
EXTRADITION = {"topics": ["extradition"]}


def title_of(kind: str, language: str = "en", **facts) -> str | None:
    with translation.override(language):
        names = TitleNames(NAMES, LANGUAGES_BY_CODE[language])
        title = document_title({"document_kind": kind, **facts}, names)
    assert title is None or not title.is_fallback
    return title and title.text


@pytest.mark.parametrize(
    ("kind", "language", "facts", "title"),
    [
        (
            "joint_statement",
            "en",
            ADOPTED,
            "Joint Statement of the 14th ASEAN-China Prosecutors-General Conference",
        ),
        (
            "joint_statement",
            "zh-hans",
            ADOPTED,
            "第十四届中国—东盟成员国总检察长会议联合声明",
        ),
        (
            "declaration",
            "zh-hant",
            ADOPTED,
            "第十四屆中國—東盟成員國總檢察長會議聯合宣言",
        ),
        (
            "mou",
            "en",
            {**ORGANS, "date": "2017-04-23"},
            (
                "Memorandum of understanding between the Chinese Procuratorate and "
                "the Thai Prosecution Office (23 April 2017)"
            ),
        ),
        (
            "agreement",
            "zh-hans",
            {**ORGANS, "date": "2012"},
            "中国检察院与泰国检察院协议（2012年）",
        ),
        # Organs without a name in the language: their countries.
        ("agreement", "vi", ORGANS, None),
        # The areas of organs that have no name in the language.
        (
            "mou",
            "vi",
            AREAS,
            "Bản ghi nhớ giữa các cơ quan kiểm sát, công tố của Quảng Tây và Phuket",
        ),
        (
            "mou",
            "en",
            {"parties": "organs", "sides": [["guangxi", "CN"], ["", "TH"]]},
            (
                "Memorandum of understanding between the prosecution services of "
                "Guangxi (China) and Thailand"
            ),
        ),
        (
            "treaty",
            "en",
            {**STATES, **EXTRADITION, "date": "1993-08"},
            "Treaty between China and Thailand: Extradition (August 1993)",
        ),
        (
            "treaty",
            "en",
            {**STATES, "topics": ["extradition", "arbitration"]},
            "Treaty between China and Thailand: Extradition; Arbitration",
        ),
        (
            "treaty",
            "zh-hans",
            {**STATES, "topics": ["extradition", "drugs"]},
            "中国和泰国关于引渡和毒品犯罪的条约",
        ),
        (
            "treaty",
            "zh-hans",
            {**STATES, "topics": ["extradition", "arbitration"]},
            "中国和泰国关于引渡、调解与仲裁的条约",
        ),
        (
            "treaty",
            "zh-hans",
            {**STATES, **EXTRADITION, "date": "1993-08-26"},
            "中国和泰国关于引渡的条约（1993年8月26日）",
        ),
        ("agreement", "zh-hans", STATES, "中国和泰国协定"),
        # A topic without a name in the language is left out.
        ("treaty", "lo", {**STATES, **EXTRADITION}, "lo-states"),
        ("treaty", "en", EXTRADITION, "Treaty: Extradition"),
        # Parties that cannot be named: a title on record tells more.
        ("treaty", "en", {"parties": "others", **EXTRADITION}, None),
        ("mou", "zh-hans", {**AREAS, **EXTRADITION}, None),
        # Neither parties nor topic: the kind and the date alone are no title.
        ("treaty", "en", {"date": "1993"}, None),
        ("treaty", "km", {**STATES, **EXTRADITION}, None),
    ],
)
def test_title_names_what_is_known_in_the_language(kind, language, facts, title):
    result = title_of(kind, language, **facts)

    if (kind, language) == ("agreement", "vi"):
        assert "Trung Quốc và Thái Lan" in result
        assert "Procuratorate" not in result
    elif title == "lo-states":
        assert result.count("ຈີນ") == result.count("ໄທ") == 1
        assert "Extradition" not in result
    else:
        assert result == title


def test_titles_of_all_kinds_are_complete_in_all_languages():
    """No placeholder is left, and no title contains a name in another language."""
    dated = {**EXTRADITION, "date": "1993-08-26"}
    with collect_failures() as failures:
        for kind in DocumentKind.values:
            for language in LANGUAGES_BY_CODE:
                for facts in (ORGANS, STATES, {**STATES, **dated}):
                    with failures.case(kind, language, facts):
                        title = title_of(kind, language, **facts) or ""
                        assert "%" not in title
                        if not language.startswith(("en", "zh")):
                            assert "Procuratorate" not in title
                            assert "Thailand" not in title


def test_title_is_completely_english_if_its_message_is_missing(settings, tmp_path):
    write_catalogue(
        tmp_path,
        "vi",
        missing={("", "%(kind)s between %(countries)s"), ("", "treaty")},
    )
    use_catalogues(settings, tmp_path)
    with translation.override("vi"):
        title = document_title(
            {"document_kind": "treaty", **STATES},
            TitleNames(NAMES, LANGUAGES_BY_CODE["vi"]),
        )

    assert title.is_fallback


def facts_of(record) -> dict:
    links = load_links([record], DEFAULT_LANGUAGE)[record.pk]
    return document_title_facts(record, links)


@pytest.mark.django_db
def test_adopted_document_has_the_facts_of_a_public_edition_only():
    record = document(
        edition=edition(14),
        signed_on=dt.date(2024, 10, 29),
        date_precision="day",
    )
    before = facts_of(record)
    published(record.edition)

    assert "edition" not in before
    assert facts_of(record) == {
        "document_kind": "joint_statement",
        "edition": {"number": 14, "name_order": ""},
    }


@pytest.mark.django_db
def test_parties_are_states_only_if_they_have_the_names_of_countries():
    china, thailand = published(country("CN")), published(country("TH"))
    values = {"document_kind": "treaty", "party_countries": [china, thailand]}
    thai_state = party("Thailand", country=thailand)
    states = document(
        named_parties=[party("China", country=china), thai_state], **values
    )
    region = document(
        named_parties=[party("Hong Kong", country=china), thai_state], **values
    )

    assert facts_of(states) == {
        "document_kind": "treaty",
        "parties": "states",
        "sides": COUNTRIES,
        "countries": ["CN", "TH"],
    }
    assert facts_of(region) == {"document_kind": "treaty", "parties": "others"}


@pytest.mark.django_db
def test_party_that_is_a_region_is_named_with_its_country():
    china, thailand = published(country("CN")), published(country("TH"))
    hong_kong = party("Hong Kong", country=china, area=place("hong-kong"))
    record = document(
        document_kind="treaty",
        party_countries=[china, thailand],
        named_parties=[hong_kong, party("Thailand", country=thailand)],
    )
    facts = facts_of(record)
    names = {**NAMES, "place": {"hong-kong": {"en": "Hong Kong"}}}

    title = document_title(facts, TitleNames(names, DEFAULT_LANGUAGE)).text

    assert facts["areas"] == ["hong-kong"]
    assert title == "Treaty between Hong Kong (China) and Thailand"


@pytest.mark.django_db
def test_organ_stands_for_its_area_or_as_a_national_organ_for_its_country():
    china, thailand = published(country("CN")), published(country("TH"))
    guangxi = place("guangxi", country=china)
    chinese, thai, province = published_together(
        organ("cn-national", country=china),
        organ("th-national", country=thailand),
        organ("cn-province", country=china, area=guangxi),
    )
    school = published(organ("cn-school", country=china, parent=chinese))
    values = {"document_kind": "mou", "party_countries": [china, thailand]}

    facts = [
        facts_of(document(party_organs=[one, thai], **values))
        for one in (chinese, province, school)
    ]

    assert [item.get("sides") for item in facts] == [
        COUNTRIES,
        [["guangxi", "CN"], ["", "TH"]],
        None,
    ]
    assert facts[1]["areas"] == ["guangxi"]
    assert facts[1]["countries"] == ["CN", "TH"]


@pytest.mark.django_db
def test_organs_and_countries_that_are_not_public_are_not_in_the_facts():
    organs = [organ("vn-secret"), published(organ("vn-public"))]
    record = document(
        document_kind="mou",
        party_organs=organs,
        party_countries=[any_country("VN")],
        topics=[topic(key) for key in ("one", "two", "three", "four")],
    )

    assert facts_of(record) == {"document_kind": "mou", "parties": "organs"}
