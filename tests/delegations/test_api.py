import pytest

from delegations.choices import Direction, PurposeKind
from tests.factories.conference import document
from tests.factories.delegations import member, stop, visit
from tests.factories.directory import any_country, organ, place
from tests.factories.exchanges import meeting
from tests.factories.people import person
from tests.factories.publishing import published, source, withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def countries():
    return [published(any_country("CN")), published(any_country("VN"))]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count_is_constant(client, django_assert_num_queries, rows):
    for number in range(1, rows + 1):
        record = visit(
            f"VIS-{number:04}",
            from_organs=[organ(f"sender-{number}-{row}") for row in range(rows)],
            meeting=published(meeting(f"MTG-{number:04}")),
        )
        for row in range(rows):
            stop(record, place=place(f"stop-{number}-{row}"), organ=organ())
            source(record, f"https://example.org/{number}/{row}")
        published(record)
    client.get("/api/v1/visits/")

    with django_assert_num_queries(6):
        body = client.get("/api/v1/visits/").json()

    assert len(body["results"]) == rows


@pytest.mark.parametrize(
    ("language", "written_in"),
    [("zh-hans", None), ("zh-hant", "zh-Hans"), ("km", "zh-Hans")],
)
def test_name_from_title_reports_same_language_fallback(client, language, written_in):
    published(visit("VIS-0001", title_zh_hans="访问样例"))

    data = client.get("/api/v1/visits/VIS-0001/", {"lang": language}).json()

    names = ("name", "title") if written_in else ()
    assert data["name"] == data["title"]
    assert data["fallback"] == dict.fromkeys(names, written_in)


def test_visit_detail_returns_codes_and_labels(client):
    record = visit(
        "VIS-0001",
        head_count=6,
        purpose_kind=PurposeKind.STUDY,
        purpose_zh_hans="示例考察",
        from_organs=[published(organ("vn-sample", name_en="Sample Organ"))],
        meeting=published(meeting("MTG-0001")),
        outcome_document=published(document("DOC-0001")),
    )
    stop(record, organ=organ("cn-sample"))
    published(record)

    data = client.get("/api/v1/visits/VIS-0001/?lang=en").json()

    assert data["name"] == "Delegation of the Sample Organ to China"
    assert data["name_is_formed"]
    assert data["title"] is None
    assert data["direction"] == Direction.INBOUND
    assert (data["scope"], data["purpose_kind"]) == ("prosecutors", "study")
    assert (data["from_country"], data["to_country"]) == ("VN", "CN")
    assert data["from_organs"][0]["key"] == "vn-sample"
    assert data["head_count"] == 6
    assert data["period"] is None
    assert data["purpose"] == "示例考察"
    assert data["fallback"]["purpose"] == "zh-Hans"
    assert (data["meeting"], data["outcome_document"]) == ("MTG-0001", "DOC-0001")
    assert data["stops"][0]["activity"] == "Sample activity"


def test_unpublished_relations_are_omitted(client):
    published(visit("VIS-0001", meeting=meeting(), outcome_document=document()))
    stop(visit("VIS-0002"), organ=organ("sample-draft-organ"))

    data = client.get("/api/v1/visits/VIS-0001/").json()

    assert data["meeting"] is None
    assert data["outcome_document"] is None


def test_unpublished_stop_organ_is_omitted(client):
    record = visit("VIS-0001")
    stop(record, position=1, organ=organ("sample-draft"))
    stop(record, position=2, organ=published(organ("sample-public")))
    published(record)

    data = client.get("/api/v1/visits/VIS-0001/").json()

    assert [row["organ"] for row in data["stops"]] == [None, "sample-public"]


def test_members_are_not_exposed(client):
    record = visit("VIS-0001")
    member(record, person=person("Sample Head"), office_en="Sample office")
    published(record)

    body = client.get("/api/v1/visits/VIS-0001/").content.decode()

    assert "Sample Head" not in body
    assert "Sample office" not in body


def test_unknown_visit_returns_404_and_withdrawn_visit_410(client):
    withdrawn(visit("VIS-0001"))

    assert client.get("/api/v1/visits/VIS-0099/").status_code == 404
    assert client.get("/api/v1/visits/VIS-0001/").status_code == 410


def test_list_respects_filters(client):
    published(visit("VIS-0001"))
    published(visit("VIS-0002", direction=Direction.OUTBOUND))

    body = client.get("/api/v1/visits/?direction=outbound").json()

    assert [record["code"] for record in body["results"]] == ["VIS-0002"]
