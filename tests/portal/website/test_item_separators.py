"""List items stay separated wherever a text of several lines is shown on one line."""

import re

import pytest
from django.core.cache import cache

from tests.factories.conference import article, page
from tests.factories.delegations import visit
from tests.factories.exchanges import meeting
from tests.factories.publishing import published
from tests.factories.seminars import seminar
from tests.page_html import section_of, text_of
from tests.portal.website.feeds.calendar_files import DAYS, events

pytestmark = pytest.mark.django_db
ENGLISH = "Plan signed\nHotline set up\nTraining agreed."
CHINESE = "签署计划\n设立热线\n商定培训。"


@pytest.mark.parametrize("create_record", [meeting, visit])
def test_outcome_items_are_separated_in_cards(client, create_record):
    record = create_record(outcome_en=ENGLISH, outcome_zh_hans=CHINESE, **DAYS)
    published(record)
    path = "exchanges" if create_record is meeting else "delegations"
    expected = {
        "en": "Plan signed; Hotline set up; Training agreed.",
        "zh-hans": "签署计划；设立热线；商定培训。",
        "zh-hant": "簽署計劃；設立熱線；商定培訓。",
        # A fallback text has the separators of its own language.
        "vi": "Plan signed; Hotline set up; Training agreed.",
    }

    for language, summary in expected.items():
        assert f">{summary}</p>" in text_of(client, f"/{language}/{path}/"), language
        assert f">{summary}</p>" in text_of(client, f"/{language}/"), language


def test_outcome_items_are_separated_in_search_and_keep_their_marks(client):
    published(meeting(outcome_en=ENGLISH, **DAYS))
    cache.clear()

    text = text_of(client, "/en/search/?q=hotline")

    assert ">Plan signed; <mark>Hotline</mark> set up; Training agreed.</p>" in text


def test_feeds_separate_items_as_their_format_can(client):
    published(meeting("MTG-0001", outcome_en=ENGLISH, **DAYS))

    atom = client.get("/en/feed.atom").content.decode()
    [event] = events(client)

    assert ">Plan signed; Hotline set up; Training agreed.</summary>" in atom
    assert event["DESCRIPTION"] == ENGLISH


@pytest.mark.parametrize(
    ("written", "described"),
    [
        ("Two days\nThree topics", "Two days; Three topics"),
        ("Opening of it\n\nA speech.", "Opening of it; A speech."),
    ],
)
def test_description_separates_lines_and_paragraphs(client, written, described):
    published(seminar("SEM-0001", summary_en=written))

    text = text_of(client, "/en/seminars/SEM-0001/")

    assert f'<meta name="description" content="{described}">' in text
    assert f'<meta property="og:description" content="{described}">' in text


def test_description_separates_entries_of_a_list(client):
    body = "<h2>Aims</h2><ul><li>Mutual trust</li><li>Speed</li></ul>"
    published(page("office", title_en="Office", body_en=body))
    published(article("opening", title_en="Opening", body_en=body))

    for path in ("about/office", "news/opening"):
        text = text_of(client, f"/en/{path}/")
        assert 'name="description" content="Aims; Mutual trust; Speed">' in text, path


def test_lines_of_a_text_stay_lines_on_its_page(client):
    visited = visit("VIS-0001", outcome_en="Plan <1>\nHotline", purpose_en="See\nLearn")
    published(visited)
    published(seminar("SEM-0001", summary_en="Two days\nThree topics"))

    own = text_of(client, "/en/delegations/VIS-0001/")
    vietnamese = text_of(client, "/vi/delegations/VIS-0001/")
    lead = re.search(
        '<p class="lead"[^>]*>(.*?)</p>', text_of(client, "/en/seminars/SEM-0001/")
    )

    assert "<p>Plan &lt;1&gt;<br>Hotline</p>" in section_of(own, "outcome")
    assert '<p lang="en">Plan &lt;1&gt;<br>Hotline</p>' in section_of(
        vietnamese, "outcome"
    )
    assert "See<br>Learn" in own
    assert lead[1] == "Two days<br>Three topics"
