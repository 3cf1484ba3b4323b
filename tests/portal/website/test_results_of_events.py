"""Results of an event are not shown as missing if it has not taken place."""

import pytest

from portal.content.publishing.choices import EventState
from tests.factories.conference import edition
from tests.factories.directory import any_country
from tests.factories.exchanges import meeting
from tests.factories.publishing import published
from tests.factories.seminars import seminar
from tests.page_html import text_of

pytestmark = pytest.mark.django_db
# Creates an event, its page, and what its page has only for a result.
EVENTS = {
    "edition": (
        lambda **values: edition(9, **values),
        "/en/conference/9/",
        ["<dt>Number of participants</dt>", 'id="documents"'],
    ),
    "seminar": (
        lambda **values: seminar("SEM-0001", **values),
        "/en/seminars/SEM-0001/",
        ["<dt>Participants (reported)</dt>"],
    ),
    "meeting": (
        lambda **values: meeting("MTG-0001", **values),
        "/en/exchanges/meetings/MTG-0001/",
        ['id="outcome"'],
    ),
}


@pytest.fixture(autouse=True)
def vietnam():
    return published(any_country("VN"))


@pytest.mark.parametrize("state", ["", *EventState.values])
@pytest.mark.parametrize("kind", EVENTS)
def test_result_is_missing_only_if_the_event_may_have_taken_place(client, kind, state):
    create, path, marks = EVENTS[kind]
    published(create(state=state))

    page = text_of(client, path)

    assert [mark in page for mark in marks] == [state in ("", "held")] * len(marks)


def test_result_on_record_of_a_planned_event_is_shown(client):
    about = {"participants": 300, "participants_qualifier": "about"}
    published(edition(9, state="planned", **about))
    published(seminar("SEM-0001", state="cancelled", reported_participants=12))
    published(meeting("MTG-0001", state="planned", outcome_en="An agreed text."))

    assert "Number of participants" in text_of(client, "/en/conference/9/")
    assert "Participants (reported)" in text_of(client, "/en/seminars/SEM-0001/")
    assert "An agreed text." in text_of(client, "/en/exchanges/meetings/MTG-0001/")
