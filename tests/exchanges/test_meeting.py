import datetime as dt

import pytest

from exchanges.choices import ActionState
from exchanges.models import Meeting
from tests.factories.conference import document
from tests.factories.directory import any_country, organ, party, place
from tests.factories.exchanges import (
    agenda_item,
    agreed_action,
    mechanism,
    meeting,
)
from tests.factories.publishing import attachment, published, source, withdrawn
from tests.failures import collect_failures
from tests.page_html import fact_of, missing_value, section_of, text_of

pytestmark = pytest.mark.django_db
LIST = "/en/exchanges/"
HEADINGS = ("Place", "Mechanism", "Host country", "Chinese side", "Partner side")


@pytest.fixture(autouse=True)
def countries():
    """Publish China and Viet Nam."""
    return [published(any_country("CN")), published(any_country("VN"))]


def _full_meeting(number: int, rows: int) -> Meeting:
    record = meeting(
        f"MTG-{number:04}",
        mechanism=published(mechanism(f"mechanism-{number}")),
        host_country=any_country("CN"),
        outcome_document=published(document(f"DOC-{number:04}")),
        organs_cn=[organ(f"organ-{number}-{row}") for row in range(rows)],
        places=[place(f"place-{number}-{row}") for row in range(rows)],
    )
    for row in range(rows):
        agenda_item(record)
        agreed_action(record, responsible_organ=organ())
        source(record, f"https://example.org/{number}/{row}")
        attachment(record)
    return published(record)


@pytest.mark.parametrize("rows", [1, 3])
def test_meeting_query_count_is_constant(client, django_assert_num_queries, rows):
    record = _full_meeting(1, rows)

    with django_assert_num_queries(7):
        client.get(f"/en/exchanges/meetings/{record.code}/")


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (None, "Meeting of the procuratorates of China and Viet Nam"),
        (2, "Meeting of the procuratorates of China and Viet Nam, number 2"),
    ],
)
def test_meeting_without_title_gets_generated_title(client, number, name):
    published(meeting("MTG-0001", series_number=number))

    assert f"<h1>{name}</h1>" in text_of(client, "/en/exchanges/meetings/MTG-0001/")
    assert f">{name}</a>" in text_of(client, LIST)


def test_generated_meeting_title_omits_unknown_country(client):
    published(meeting("MTG-0001", other_country=None))

    page = text_of(client, "/en/exchanges/meetings/MTG-0001/")

    assert "<h1>Meeting of border procuratorates</h1>" in page


def test_meeting_shows_placeholder_for_missing_values(client):
    published(meeting("MTG-0001"))

    page = text_of(client, "/en/exchanges/meetings/MTG-0001/")

    with collect_failures() as failures:
        for heading in HEADINGS:
            with failures.case(heading):
                assert missing_value("Not known") in fact_of(page, heading)
        for section in ("agenda", "outcome"):
            with failures.case(section):
                assert "Not known" in section_of(page, section)


def test_meeting_shows_recorded_text_when_relations_are_empty(client):
    published(meeting("MTG-0001", organs_cn_as_recorded="Recorded organ"))
    with_party = meeting("MTG-0002", organs_cn_as_recorded="Recorded organ")
    with_party.parties_cn.add(party("Sample party", country=any_country("CN")))
    published(with_party)

    page = text_of(client, "/en/exchanges/meetings/MTG-0001/")
    page_with_party = text_of(client, "/en/exchanges/meetings/MTG-0002/")

    assert '<span lang="">Recorded organ</span>' in page
    assert "Recorded organ" not in page_with_party
    assert "Sample party" in page_with_party


def test_meeting_shows_agenda_outcome_and_agreed_actions(client):
    record = meeting("MTG-0001", outcome_zh_hans="第一项\n第二项")
    agenda_item(record, text_en="Sample agenda item")
    agreed_action(
        record,
        text_en="Sample agreed action",
        state=ActionState.DONE,
        closed_on=dt.date(2024, 5, 6),
    )
    published(record)

    page = text_of(client, "/en/exchanges/meetings/MTG-0001/")

    assert "Sample agenda item" in section_of(page, "agenda")
    assert '<li> <span lang="zh-Hans">第二项</span> </li>' in section_of(
        page, "outcome"
    ).replace("<li><span", "<li> <span").replace("</span></li>", "</span> </li>")
    action = section_of(page, "actions")
    assert "Sample agreed action" in action
    assert 'closed on <time datetime="2024-05-06">6 May 2024</time>' in action


def test_meeting_links_only_published_records(client):
    published(
        meeting(
            "MTG-0001",
            mechanism=mechanism("draft-mechanism"),
            outcome_document=document("DOC-0001"),
        )
    )

    page = text_of(client, "/en/exchanges/meetings/MTG-0001/")

    assert "draft-mechanism" not in page
    assert "DOC-0001" not in page


def test_unknown_meeting_returns_404_and_withdrawn_meeting_410(client):
    withdrawn(meeting("MTG-0001"))

    assert client.get("/en/exchanges/meetings/MTG-0099/").status_code == 404
    assert client.get("/en/exchanges/meetings/MTG-0001/").status_code == 410
