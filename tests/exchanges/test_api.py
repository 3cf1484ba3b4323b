import datetime as dt

import pytest

from exchanges.choices import ActionState
from tests.factories.conference import document
from tests.factories.directory import any_country, organ, place
from tests.factories.exchanges import (
    agenda_item,
    agreed_action,
    coordination_request,
    mechanism,
    meeting,
)
from tests.factories.files import stored_file
from tests.factories.publishing import published, source, withdrawn
from tests.page_html import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def countries():
    return [published(any_country("CN")), published(any_country("VN"))]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_meetings_query_count_is_constant(
    client, django_assert_num_queries, rows
):
    for number in range(1, rows + 1):
        record = meeting(
            f"MTG-{number:04}",
            mechanism=published(mechanism(f"mechanism-{number}")),
            organs_cn=[organ(f"organ-{number}-{row}") for row in range(rows)],
            places=[place(f"place-{number}-{row}") for row in range(rows)],
        )
        for row in range(rows):
            agenda_item(record)
            agreed_action(record)
            source(record, f"https://example.org/{number}/{row}")
        published(record)
    client.get("/api/v1/meetings/")

    with django_assert_num_queries(7):
        body = client.get("/api/v1/meetings/").json()

    assert len(body["results"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_mechanisms_query_count_is_constant(
    client, django_assert_num_queries, rows
):
    for number in range(1, rows + 1):
        record = mechanism(
            f"mechanism-{number}",
            other_country=any_country("VN"),
            side_a_organs=[organ(f"organ-{number}-{row}") for row in range(rows)],
        )
        source(record, f"https://example.org/{number}")
        published(record)
    client.get("/api/v1/mechanisms/")

    with django_assert_num_queries(6):
        body = client.get("/api/v1/mechanisms/").json()

    assert len(body["results"]) == rows


def test_meeting_list_is_empty_without_meetings(client):
    assert client.get("/api/v1/meetings/").json()["results"] == []


def test_meeting_detail_includes_agenda_and_agreed_actions(client):
    record = meeting(
        "MTG-0001",
        series_number=2,
        mechanism=published(mechanism("sample")),
        outcome_document=published(document("DOC-0001")),
    )
    agenda_item(record, position=2, text_en="Second item")
    agenda_item(record, position=1, text_en="", text_zh_hans="第一项")
    agreed_action(
        record,
        text_en="Sample action",
        state=ActionState.DONE,
        due_on=dt.date(2024, 5, 1),
        closed_on=dt.date(2024, 5, 6),
    )
    published(record)

    data = client.get("/api/v1/meetings/MTG-0001/?lang=en").json()

    name = "Meeting of the procuratorates of China and Viet Nam, number 2"
    assert (data["name"], data["title"]) == (name, None)
    assert (data["mechanism"], data["series_number"]) == ("sample", 2)
    assert (data["host_country"], data["other_country"]) == (None, "VN")
    assert data["outcome_document"] == "DOC-0001"
    assert data["agenda_items"] == [
        {"text": "第一项", "language": "zh-Hans"},
        {"text": "Second item", "language": "en"},
    ]
    assert data["agreed_actions"] == [
        {
            "text": "Sample action",
            "language": "en",
            "state": "done",
            "due_on": "2024-05-01",
            "closed_on": "2024-05-06",
            "responsible_organ": None,
        }
    ]
    assert data["fallback"] == {}


def test_evidence_and_unpublished_organ_of_an_action_are_not_shown(client):
    record = meeting("MTG-0001")
    evidence = stored_file(name="sample-evidence.pdf")
    agreed_action(record, responsible_organ=organ("sample-organ"), evidence=evidence)
    published(record)

    body = client.get("/api/v1/meetings/MTG-0001/").content.decode()

    for text in ("sample-organ", "sample-evidence", evidence.sha256):
        assert text not in body


def test_meeting_omits_unpublished_mechanism(client):
    published(meeting("MTG-0001", mechanism=mechanism("draft-mechanism")))

    data = client.get("/api/v1/meetings/MTG-0001/").json()

    assert data["mechanism"] is None


def test_mechanism_detail_is_found_by_key(client):
    record = mechanism(
        "sample",
        other_country=any_country("VN"),
        since=dt.date(1999, 1, 1),
        date_precision="year",
    )
    coordination_request(record, received_on=dt.date(2001, 2, 3))
    published(record)

    response = client.get("/api/v1/mechanisms/sample/?lang=en")

    data = response.json()
    assert (data["key"], data["kind"]) == ("sample", "regular_meeting")
    assert (data["started"], data["rhythm_months"]) == ("1999", None)
    assert (data["other_country"], data["legal_basis"]) == ("VN", None)
    assert "2001-02-03" not in response.content.decode()


def test_mechanism_is_named_as_on_its_page_and_in_search(client, countries):
    for row, name in zip(countries, ("Trung Quốc", "Việt Nam"), strict=True):
        row.name_vi = name
        row.save()
    guangxi = place("guangxi", name_en="Guangxi", name_vi="Quảng Tây")
    record = mechanism(
        "sample",
        name_en="Written name",
        name_zh_hans="名称",
        name_zh_basis="seen",
        other_country=any_country("VN"),
        side_a_organs=[published(organ("cn-guangxi", area=guangxi))],
    )
    published(record)

    formed = client.get("/api/v1/mechanisms/sample/?lang=vi").json()
    written = client.get("/api/v1/mechanisms/sample/?lang=zh-Hans").json()
    page = text_of(client, "/vi/exchanges/sample/")
    result = client.get("/api/v1/search/?lang=vi&q=Written name").json()["results"][0]

    assert formed["name"].endswith("Quảng Tây (Trung Quốc) và Việt Nam")
    assert formed["name"] == result["title"]
    assert f"<h1>{formed['name']}</h1>" in page
    assert (formed["name_is_formed"], formed["name_basis"]) == (True, None)
    assert "name" not in formed["fallback"]
    assert (written["name"], written["name_is_formed"]) == ("名称", False)
    assert written["name_basis"] == "seen"


@pytest.mark.parametrize("name", ["meetings", "mechanisms"])
def test_unknown_record_returns_404_and_withdrawn_record_410(client, name):
    factory = {"meetings": meeting, "mechanisms": mechanism}[name]
    record = withdrawn(factory())

    assert client.get(f"/api/v1/{name}/unknown/").status_code == 404
    assert client.get(f"/api/v1/{name}/{record.public_code}/").status_code == 410


def test_lists_respect_filters(client):
    laos = published(any_country("LA"))
    published(meeting("MTG-0001", other_country=laos))
    published(meeting("MTG-0002"))
    published(mechanism("one"))
    published(mechanism("other", mechanism_kind="direct_coordination"))

    meetings = client.get("/api/v1/meetings/?country=LA").json()["results"]
    address = "/api/v1/mechanisms/?kind=direct_coordination"
    mechanisms = client.get(address).json()["results"]

    assert [record["code"] for record in meetings] == ["MTG-0001"]
    assert [record["key"] for record in mechanisms] == ["other"]
