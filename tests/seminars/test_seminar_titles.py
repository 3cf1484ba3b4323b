"""Titles of seminars that are formed where none is written."""

import pytest
from django.utils import translation

from portal.content.catalogue.title_names import TitleNames
from portal.content.publishing.links import load_links
from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE
from seminars.titles import seminar_title, seminar_title_facts
from tests.factories.directory import organ, place, topic
from tests.factories.publishing import published
from tests.factories.seminars import seminar

NAMES = {
    "topic": {
        "cybercrime": {
            "en": "Cybercrime",
            "zh-hans": "网络犯罪",
            "lo": "ອາຊະຍາກຳ",
        },
        "training": {"en": "Training", "zh-hans": "培训"},
    },
    "place": {"nanning": {"en": "Nanning", "zh-hans": "南宁"}},
    "organ": {"college": {"en": "College", "zh-hans": "学院"}},
}
CYBERCRIME = {"topics": ["cybercrime"], "place": "nanning", "date": "2019-09"}


@pytest.mark.parametrize(
    ("language", "facts", "title"),
    [
        ("en", CYBERCRIME, "Seminar: Cybercrime (Nanning, September 2019)"),
        ("zh-hans", CYBERCRIME, "网络犯罪研修班（南宁，2019年9月）"),
        # The place has no Lao name.
        ("lo", CYBERCRIME, "ສຳມະນາກ່ຽວກັບ ອາຊະຍາກຳ (ກັນຍາ 2019)"),
        (
            "en",
            {"topics": ["cybercrime", "training"], "place": "nanning"},
            "Seminar: Cybercrime; Training (Nanning)",
        ),
        (
            "zh-hant",
            {"topics": ["cybercrime", "training"], "organiser": "college"},
            "學院網絡犯罪及培訓研修班",
        ),
        # One of the topics has no Lao name: none is named.
        ("lo", {"topics": ["cybercrime", "training"], "date": "2019"}, None),
        (
            "en",
            {"organiser": "college", "date": "2008"},
            "Seminar of the College (2008)",
        ),
        ("en", {"place": "nanning"}, None),
        ("en", {}, None),
    ],
)
def test_seminar_title_names_topics_place_or_organiser_and_date(language, facts, title):
    with translation.override(language):
        result = seminar_title(facts, TitleNames(NAMES, LANGUAGES_BY_CODE[language]))

    assert (result and result.text) == title


@pytest.mark.django_db
def test_seminar_facts_leave_out_long_lists_and_drafts():
    record = seminar(
        topics=[topic() for _ in range(4)],
        places=[place(), place()],
        organiser_organs=[organ("draft"), published(organ("college"))],
    )
    links = load_links([record], DEFAULT_LANGUAGE)[record.pk]

    assert seminar_title_facts(record, links) == {
        "topics": [],
        "place": "",
        "organiser": "college",
        "date": "",
    }
