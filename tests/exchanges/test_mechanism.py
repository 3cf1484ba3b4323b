import datetime as dt

import pytest

from exchanges.models import Mechanism
from portal.content.publishing.choices import Precision
from tests.factories.conference import document
from tests.factories.directory import any_country, organ
from tests.factories.exchanges import (
    agreed_action,
    coordination_request,
    mechanism,
    meeting,
)
from tests.factories.publishing import attachment, published, source, withdrawn
from tests.page_html import fact_of, missing_value, section_of, text_of

pytestmark = pytest.mark.django_db
LIST = "/en/exchanges/"


@pytest.fixture(autouse=True)
def countries():
    """Publish China and Viet Nam."""
    return [published(any_country("CN")), published(any_country("VN"))]


def _full_mechanism(number: int, rows: int) -> Mechanism:
    record = mechanism(
        f"mechanism-{number}",
        other_country=any_country("VN"),
        legal_basis=published(document(f"DOC-{number:04}")),
        side_a_organs=[organ(f"organ-{number}-{row}") for row in range(rows)],
    )
    for row in range(rows):
        held = meeting(f"MTG-{number}{row:03}", mechanism=record)
        agreed_action(held, responsible_organ=organ())
        published(held)
        source(record, f"https://example.org/{number}/{row}")
        attachment(record)
    return published(record)


@pytest.mark.parametrize("rows", [1, 3])
def test_mechanism_query_count_is_constant(client, django_assert_num_queries, rows):
    record = _full_mechanism(1, rows)

    with django_assert_num_queries(7):
        client.get(f"/en/exchanges/{record.key}/")


def test_mechanism_page_shows_facts_and_meetings(client):
    record = mechanism(
        "sample",
        name_zh_hans="示例机制",
        since=dt.date(1999, 1, 1),
        date_precision=Precision.YEAR,
        rhythm_months=6,
        side_a_organs=[published(organ("cn-sample", name_en="Sample Chinese organ"))],
        legal_basis=published(document("DOC-0001")),
    )
    published(record)
    published(meeting("MTG-0001", mechanism=record))
    meeting("MTG-0002", mechanism=record)

    page = text_of(client, "/en/exchanges/sample/")

    assert '<h1><span lang="zh-Hans">示例机制</span></h1>' in page
    assert '<time datetime="1999">1999</time>' in fact_of(page, "Since")
    assert "Every 6 months" in fact_of(page, "How often it meets")
    assert "Sample Chinese organ" in section_of(page, "sides")
    assert "/en/documents/DOC-0001/" in fact_of(page, "Legal basis")
    assert "MTG-0001" in section_of(page, "meetings")
    assert "MTG-0002" not in page


@pytest.mark.parametrize(
    "heading", ["How often it meets", "Next meeting", "Legal basis"]
)
def test_mechanism_shows_placeholder_for_missing_values(client, heading):
    published(mechanism("sample"))

    page = text_of(client, "/en/exchanges/sample/")

    gap = missing_value("Not known")
    assert gap in fact_of(page, heading)
    assert section_of(page, "sides").count(gap) == 2
    assert "<dt>State</dt>" not in page


@pytest.mark.parametrize(
    ("values", "headings"),
    [
        ({"mechanism_kind": "direct_coordination"}, set()),
        ({"mechanism_kind": "border_cooperation"}, set()),
        (
            {"mechanism_kind": "direct_coordination", "rhythm_months": 6},
            {"How often it meets"},
        ),
        ({"state": "ended"}, {"How often it meets"}),
        ({"state": "suspended"}, {"How often it meets", "Next meeting"}),
    ],
)
def test_meetings_are_missing_only_where_they_are_expected(client, values, headings):
    published(mechanism("sample", **values))

    page = text_of(client, "/en/exchanges/sample/")

    possible = ("How often it meets", "Next meeting")
    assert {name for name in possible if f"<dt>{name}</dt>" in page} == headings


def test_planned_meeting_of_a_cooperation_is_shown(client):
    record = published(mechanism("sample", mechanism_kind="border_cooperation"))
    published(
        meeting(
            mechanism=record,
            state="planned",
            starts_on=dt.date(2999, 1, 1),
            date_precision="day",
        )
    )

    page = text_of(client, "/en/exchanges/sample/")

    assert "1 January 2999" in fact_of(page, "Next meeting")


def test_coordination_requests_are_never_public(client):
    record = mechanism("sample")
    coordination_request(record, received_on=dt.date(2001, 2, 3))
    published(record)

    page = text_of(client, "/en/exchanges/sample/")

    assert "service of documents" not in page
    assert "2001" not in page


def test_unknown_mechanism_returns_404_and_withdrawn_mechanism_410(client):
    withdrawn(mechanism("sample"))

    assert client.get("/en/exchanges/unknown/").status_code == 404
    assert client.get("/en/exchanges/sample/").status_code == 410
    # No mechanism may have this key, because the pages of meetings are below it.
    assert client.get("/en/exchanges/meetings/").status_code == 301
