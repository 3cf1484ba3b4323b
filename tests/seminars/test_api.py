import datetime as dt

import pytest

from tests.factories.directory import any_country, organ, place
from tests.factories.people import person
from tests.factories.publishing import published, source, withdrawn
from tests.factories.seminars import (
    certificate,
    material,
    participant,
    seminar,
    session,
    training_record,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count_is_constant(client, django_assert_num_queries, rows):
    for number in range(1, rows + 1):
        record = seminar(
            f"SEM-{number:04}",
            places=[place(f"place-{number}-{row}") for row in range(rows)],
            host_organs=[organ(f"organ-{number}-{row}") for row in range(rows)],
        )
        for row in range(rows):
            session(record, place=place(f"hall-{number}-{row}"))
            material(record, is_public=True)
            source(record, f"https://example.org/{number}/{row}")
        published(record)
    client.get("/api/v1/seminars/")

    with django_assert_num_queries(7):
        body = client.get("/api/v1/seminars/").json()

    assert len(body["results"]) == rows


def test_seminar_detail_includes_sessions(client):
    nanning = place("nanning", time_zone="Asia/Shanghai", country=any_country("CN"))
    record = seminar(
        "SEM-0001",
        places=[nanning],
        audience="prosecutors",
        instruction_languages=["zh-Hans", "en"],
        starts_on=dt.date(2025, 10, 1),
        date_precision="month",
    )
    session(
        record,
        starts_at=dt.datetime(2025, 10, 29, 1, 30, tzinfo=dt.UTC),
        speaker_office_en="Sample office",
    )
    published(record)

    data = client.get("/api/v1/seminars/SEM-0001/?lang=en").json()

    assert data["audience"] == "prosecutors"
    assert data["scope"] == "prosecutors"
    assert data["state"] is None
    assert data["period"] == "2025-10"
    assert data["time_zone"] == "Asia/Shanghai"
    assert data["instruction_languages"] == ["zh-Hans", "en"]
    [talk] = data["sessions"]
    assert talk["title"] == "Sample lecture"
    assert dt.datetime.fromisoformat(talk["starts_at"]).hour in (1, 9)
    assert talk["place"] is None
    assert talk["speaker_office"] == "Sample office"


def test_chinese_only_seminar_reports_fallback_language(client):
    published(seminar("SEM-0001", title_zh_hans="示例研修班"))

    data = client.get("/api/v1/seminars/SEM-0001/?lang=en").json()

    assert data["title"] == data["name"] == "示例研修班"
    assert data["languages"] == ["zh-Hans"]
    assert data["fallback"] == {"name": "zh-Hans", "title": "zh-Hans"}


def test_session_reports_its_own_fallback(client):
    record = seminar("SEM-0001", title_zh_hans="示例研修班", title_vi="Khoá học")
    session(record, position=1, title_en="", title_zh_hans="第一讲")
    session(record, position=2, title_en="Second", title_vi="Bài hai")
    published(record)

    data = client.get("/api/v1/seminars/SEM-0001/?lang=vi").json()

    assert (data["title"], data["fallback"]) == ("Khoá học", {})
    assert [(talk["title"], talk["fallback"]) for talk in data["sessions"]] == [
        ("第一讲", {"title": "zh-Hans"}),
        ("Bài hai", {}),
    ]


def test_seminar_fallback_is_independent_of_sessions(client):
    record = seminar("SEM-0001", title_zh_hans="示例研修班")
    session(record, title_en="Lecture", title_zh_hans="")
    published(record)

    data = client.get("/api/v1/seminars/SEM-0001/?lang=vi").json()

    assert data["fallback"] == {"name": "zh-Hans", "title": "zh-Hans"}
    assert data["sessions"][0]["fallback"] == {"title": "en"}


def test_personal_and_internal_fields_are_not_exposed(client):
    record = seminar("SEM-0001")
    session(record, speaker=person("Sample Speaker"))
    trainee = participant(record, person=person("Sample Trainee"))
    paper = certificate(training_record(trainee))
    material(record, title_en="Internal slides")
    published(record)

    for address in ("/api/v1/seminars/", "/api/v1/seminars/SEM-0001/"):
        body = client.get(address).content.decode()

        for text in ("Sample Speaker", "Sample Trainee", paper.number, "Internal"):
            assert text not in body


def test_unknown_seminar_returns_404_and_withdrawn_seminar_410(client):
    withdrawn(seminar("SEM-0001"))

    assert client.get("/api/v1/seminars/SEM-0099/").status_code == 404
    withdrawn_response = client.get("/api/v1/seminars/SEM-0001/")
    assert withdrawn_response.status_code == 410
    assert withdrawn_response.json()["kind"] == "seminar"
    assert client.get("/api/v1/seminars/").json()["results"] == []


def test_list_respects_filters(client):
    laos = published(any_country("LA"))
    published(seminar("SEM-0001", participating_countries=[laos]))
    published(seminar("SEM-0002"))

    results = client.get("/api/v1/seminars/?country=LA").json()["results"]

    assert [record["code"] for record in results] == ["SEM-0001"]
