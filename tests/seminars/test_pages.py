import datetime as dt
import re

import pytest
from django.utils import timezone

from portal.content.publishing.choices import EventState, Scope
from seminars.models import Seminar
from tests.factories.directory import any_country, organ, party, place
from tests.factories.files import PDF, stored_file
from tests.factories.people import person
from tests.factories.publishing import attachment, published, source, withdrawn
from tests.factories.seminars import material, participant, seminar, session
from tests.failures import collect_failures
from tests.page_html import fact_of, missing_value, text_of

pytestmark = pytest.mark.django_db


def _full_seminar(number: int, rows: int) -> Seminar:
    record = seminar(
        f"SEM-{number:04}",
        places=[place(f"place-{number}-{row}") for row in range(rows)],
        organiser_organs=[organ(f"organ-{number}-{row}") for row in range(rows)],
    )
    for row in range(rows):
        session(record, place=place(f"hall-{number}-{row}"))
        content = PDF + f"{number} {row}".encode()
        material(record, file=stored_file(content), is_public=True)
        source(record, f"https://example.org/{number}/{row}")
        attachment(record)
    return published(record)


@pytest.mark.parametrize("rows", [1, 3])
def test_detail_query_count_is_constant(client, django_assert_num_queries, rows):
    record = _full_seminar(1, rows)

    with django_assert_num_queries(7):
        client.get(f"/en/seminars/{record.code}/")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count_is_constant(client, django_assert_num_queries, rows):
    for number in range(1, rows + 1):
        _full_seminar(number, rows)

    with django_assert_num_queries(7):
        client.get("/en/seminars/")


def test_list_marks_chinese_only_seminar_as_chinese(client):
    published(seminar("SEM-0007", title_zh_hans="示例研修班"))

    in_english = text_of(client, "/en/seminars/")
    in_chinese = text_of(client, "/zh-hans/seminars/")

    link = '<a href="/en/seminars/SEM-0007/" lang="zh-Hans">示例研修班</a>'
    assert link in in_english
    assert 'Title shown in <span lang="en">Simplified Chinese</span>' in in_english
    assert 'href="/zh-hans/seminars/SEM-0007/"' in in_chinese


def test_list_marks_related_events(client):
    published(seminar("SEM-0007", title_en="For prosecutors"))
    published(seminar("SEM-0008", title_en="For others", scope=Scope.RELATED))

    page = text_of(client, "/en/seminars/")

    cards = re.findall(r'<li class="card">.*?</li>', page)
    marked = [card for card in cards if "Related event" in card]
    assert len(cards) == 2
    assert ["For others" in card for card in marked] == [True]


def test_detail_marks_text_in_other_language(client):
    published(seminar("SEM-0007", title_zh_hans="示例研修班", body_zh_hans="示例正文"))

    page = text_of(client, "/en/seminars/SEM-0007/")

    assert '<h1><span lang="zh-Hans">示例研修班</span></h1>' in page
    assert '<p lang="zh-Hans">示例正文</p>' in page


def test_detail_shows_placeholder_for_missing_values(client):
    published(seminar("SEM-0007"))

    page = text_of(client, "/en/seminars/SEM-0007/")

    with collect_failures() as failures:
        for heading in ("Place", "Venue", "Who it is for", "Organised by"):
            with failures.case(heading):
                assert missing_value("Not known") in fact_of(page, heading)


def test_detail_shows_recorded_text_when_relations_are_empty(client):
    without_party = seminar("SEM-0001", venue_as_recorded="Recorded hall")
    with_party = seminar(
        "SEM-0002", venue_as_recorded="Recorded hall", venue_parties=[party("A hall")]
    )
    published(without_party)
    published(with_party)

    assert '<span lang="">Recorded hall</span>' in text_of(
        client, "/en/seminars/SEM-0001/"
    )
    assert "Recorded hall" not in text_of(client, "/en/seminars/SEM-0002/")


def test_detail_shows_state_only_when_recorded(client):
    published(seminar("SEM-0001"))
    published(seminar("SEM-0002", state=EventState.POSTPONED))

    assert "<dt>State</dt>" not in text_of(client, "/en/seminars/SEM-0001/")
    page = text_of(client, "/en/seminars/SEM-0002/")
    assert fact_of(page, "Status").removeprefix("<dd>").strip() == "Postponed"


def test_detail_marks_related_event(client):
    published(seminar("SEM-0001", scope=Scope.RELATED))

    page = text_of(client, "/en/seminars/SEM-0001/")

    assert "Related event" in page


def _programme(client, address: str) -> str:
    return text_of(client, address).split('id="programme"')[1].split("</ol>")[0]


def test_session_time_is_shown_in_first_place_time_zone(client):
    nanning = place("nanning", time_zone="Asia/Shanghai", country=any_country("CN"))
    record = seminar("SEM-0001", places=[nanning])
    starts = dt.datetime(2025, 10, 29, 1, 30, tzinfo=dt.UTC)
    session(record, starts_at=starts, ends_at=starts + dt.timedelta(hours=2))
    published(record)

    programme = _programme(client, "/en/seminars/SEM-0001/")

    assert (
        '29 October 2025, <time datetime="2025-10-29T09:30+08:00">09:30</time>–'
        '<time datetime="2025-10-29T11:30+08:00">11:30</time> '
        '<span lang="en">Nanning</span>, UTC+8'
    ) in programme


def test_session_time_is_shown_in_own_place_time_zone(client):
    nanning = place("nanning", time_zone="Asia/Shanghai", country=any_country("CN"))
    yangon = place("yangon", time_zone="Asia/Yangon", country=any_country("MM"))
    record = seminar("SEM-0001", places=[nanning])
    starts = dt.datetime(2025, 10, 29, 1, 30, tzinfo=dt.UTC)
    session(record, starts_at=starts, place=yangon)
    published(record)

    programme = _programme(client, "/en/seminars/SEM-0001/")

    assert '08:00</time> <span lang="en">Yangon</span>, UTC+6:30' in programme


def test_session_ending_next_day_shows_end_date(client):
    record = seminar("SEM-0001")
    starts = dt.datetime(2025, 10, 29, 13, 0, tzinfo=dt.UTC)
    session(record, starts_at=starts, ends_at=starts + dt.timedelta(hours=5))
    published(record)

    programme = _programme(client, "/en/seminars/SEM-0001/")

    assert "29 October 2025, " in programme
    assert " – 30 October 2025, " in programme
    assert "02:00</time> UTC+8" in programme


def test_session_without_times_shows_placeholder(client):
    record = seminar("SEM-0001")
    session(record)
    published(record)

    programme = _programme(client, "/en/seminars/SEM-0001/")

    assert missing_value("Time not known") in programme


def test_detail_never_names_a_person(client):
    record = seminar("SEM-0001")
    session(
        record,
        speaker=person("Sample Speaker"),
        speaker_office_en="Sample office of the speaker",
    )
    participant(record, person=person("Sample Trainee"))
    published(record)

    page = text_of(client, "/en/seminars/SEM-0001/")

    assert "Sample office of the speaker" in page
    assert "Sample Speaker" not in page
    assert "Sample Trainee" not in page


def test_detail_shows_public_materials_only(client):
    record = seminar("SEM-0001")
    material(record, title_en="Public slides", is_public=True)
    material(record, title_en="Internal slides", is_public=False)
    published(record)

    page = text_of(client, "/en/seminars/SEM-0001/")

    assert "Public slides" in page
    assert "Internal slides" not in page


@pytest.mark.parametrize("code", ["SEM-0099", "sem-0099", "x"])
def test_unknown_seminar_returns_404(client, code):
    published(seminar("SEM-0001"))

    assert client.get(f"/en/seminars/{code}/").status_code == 404


def test_draft_seminar_returns_404(client):
    seminar("SEM-0001", title_en="Sample draft")

    response = client.get("/en/seminars/SEM-0001/")

    assert response.status_code == 404
    assert "Sample draft" not in client.get("/en/seminars/").content.decode()


def test_withdrawn_seminar_returns_410(client):
    withdrawn(seminar("SEM-0001", title_en="Sample that was taken back"))

    response = client.get("/en/seminars/SEM-0001/")

    assert response.status_code == 410
    assert "Sample that was taken back" not in response.content.decode()
    assert "SEM-0001" not in client.get("/en/seminars/").content.decode()


def test_list_respects_filters(client):
    in_laos = seminar(
        "SEM-0001", participating_countries=[published(any_country("LA"))]
    )
    published(in_laos)
    published(seminar("SEM-0002", scope=Scope.RELATED))

    by_country = text_of(client, "/en/seminars/?country=la")
    by_scope = text_of(client, "/en/seminars/?scope=related")

    assert "SEM-0001" in by_country
    assert "SEM-0002" not in by_country
    assert "SEM-0002" in by_scope
    assert "SEM-0001" not in by_scope


def test_time_zone_is_taken_from_first_entered_place():
    second = place("yangon", time_zone="Asia/Yangon")
    first = place("nanning", time_zone="Asia/Shanghai")
    record = seminar("SEM-0001")
    record.places.add(first)
    record.places.add(second)
    published(record)

    loaded = Seminar.objects.published(timezone.now()).with_time_zone().get()

    assert loaded.time_zone == "Asia/Shanghai"
