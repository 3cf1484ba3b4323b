"""Copying a seminar to plan the next one of a yearly course."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from portal.content.publishing.choices import Status
from portal.content.publishing.numbering import reserve_code
from seminars.models import Seminar
from seminars.operations import copy_seminar, suggest_copy_start_date
from tests.admin_forms import token_for, token_of
from tests.factories.directory import any_country, organ, place, topic
from tests.factories.people import person
from tests.factories.publishing import AT, actor, published, source, staff
from tests.factories.seminars import (
    material,
    participant,
    seminar,
    session,
    training_record,
)

pytestmark = pytest.mark.django_db
NEXT = dt.date(2026, 10, 28)


@pytest.fixture
def last_years() -> Seminar:
    record = seminar(
        "SEM-0001",
        title_en="Sample seminar",
        title_vi="Hội thảo mẫu",
        title_zh_hans="示例研修班",
        summary_en="Sixty came.",
        subjects_en="Evidence",
        venue_en="Sample Hall",
        venue_as_recorded="in the Sample Hall",
        starts_on=dt.date(2025, 10, 29),
        ends_on=dt.date(2025, 11, 2),
        date_precision="day",
        reported_participants=60,
        hours=30,
        confidence="high",
        remark_en="Two sources.",
        instruction_languages=["zh-Hans", "vi"],
        state="held",
        topics=[topic("evidence")],
        places=[place("hanoi", time_zone="Asia/Ho_Chi_Minh")],
        organiser_organs=[organ("vn-spp"), organ("cn-spp")],
        participating_countries=[any_country("VN")],
    )
    at = dt.datetime(2025, 10, 29, 2, 30, tzinfo=dt.UTC)
    session(
        record,
        position=1,
        title_vi="Bài giảng",
        speaker=person(),
        speaker_office="An office",
        starts_at=at,
        ends_at=at + dt.timedelta(hours=2),
    )
    material(record)
    source(record)
    training_record(participant(record))
    return record


def copied(record: Seminar, first_day_on=NEXT) -> Seminar:
    reserve_code(record.code)
    copy = copy_seminar(record, starts_on=first_day_on, by=actor(), at=AT)
    return Seminar.objects.get(pk=copy.pk)


def test_copy_is_planned_draft_with_copied_fields(last_years):
    published(last_years)

    copy = copied(last_years)

    assert copy.code == "SEM-5001"
    assert (copy.status, copy.state, copy.revision) == (Status.DRAFT, "planned", 0)
    assert (copy.title_en, copy.title_vi) == ("Sample seminar", "Hội thảo mẫu")
    assert copy.languages == ["zh-hans", "en", "vi"]
    assert (copy.subjects_en, copy.venue_en, copy.hours) == (
        "Evidence",
        "Sample Hall",
        30,
    )
    assert copy.instruction_languages == ["zh-Hans", "vi"]
    assert [row.key for row in copy.organiser_organs.all()] == ["vn-spp", "cn-spp"]
    assert [row.key for row in copy.topics.all()] == ["evidence"]
    assert [row.iso2 for row in copy.participating_countries.all()] == ["VN"]
    assert copy.created_by == actor()


def test_copy_shifts_dates_and_sessions(last_years):
    copy = copied(last_years)

    (talk,) = copy.sessions.all()
    assert (copy.starts_on, copy.ends_on) == (NEXT, dt.date(2026, 11, 1))
    assert talk.starts_at == dt.datetime(2026, 10, 28, 2, 30, tzinfo=dt.UTC)
    assert talk.ends_at - talk.starts_at == dt.timedelta(hours=2)
    assert (talk.title_vi, talk.speaker_office) == ("Bài giảng", "An office")


def test_copy_omits_people_materials_and_reported_values(last_years):
    copy = copied(last_years)

    (talk,) = copy.sessions.all()
    assert talk.speaker is None
    for relation in ("participants", "materials", "sources", "attachments"):
        assert not getattr(copy, relation).exists(), relation
    assert copy.reported_participants is None
    assert not copy.summary_en
    assert not copy.remark_en
    assert (copy.venue_as_recorded, copy.confidence) == ("", "")


def test_copy_leaves_original_unchanged(last_years):
    copied(last_years)

    last_years.refresh_from_db()
    assert last_years.starts_on == dt.date(2025, 10, 29)
    assert last_years.participants.count() == 1
    assert last_years.sessions.get().speaker is not None


def test_copied_sessions_keep_wall_clock_time_across_dst():
    paris = place("paris", time_zone="Europe/Paris", country=any_country("FR"))
    record = seminar(
        starts_on=dt.date(2025, 3, 28), date_precision="day", places=[paris]
    )
    session(record, starts_at=dt.datetime(2025, 3, 28, 8, 0, tzinfo=dt.UTC))

    copy = copied(record, dt.date(2026, 3, 30))

    starts = copy.sessions.get().starts_at
    assert starts == dt.datetime(2026, 3, 30, 7, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("precision", "starts_on"),
    [("month", dt.date(2026, 10, 1)), ("year", dt.date(2026, 1, 1))],
)
def test_copy_keeps_date_precision(precision, starts_on):
    record = seminar(starts_on=dt.date(2025, 1, 1), date_precision=precision)
    session(record, starts_at=AT)

    copy = copied(record)

    assert (copy.starts_on, copy.ends_on) == (starts_on, None)
    assert copy.sessions.get().starts_at is None


def test_copy_of_undated_seminar_starts_on_requested_date():
    copy = copied(seminar())

    assert (copy.starts_on, copy.date_precision) == (NEXT, "day")


def test_suggested_copy_date_is_same_weekday(last_years):
    proposed = suggest_copy_start_date(last_years)

    assert proposed == NEXT
    assert proposed.weekday() == last_years.starts_on.weekday()
    assert suggest_copy_start_date(seminar()) is None


# ------------------------------------------------------------------- in the staff admin


def test_copy_view_creates_draft(client, last_years):
    client.force_login(staff(is_superuser=True))
    form = f"/admin/seminars/seminar/{last_years.pk}/change/"
    address = f"/admin/seminars/seminar/{last_years.pk}/copy/"

    reserve_code(last_years.code)

    change_page = client.get(form).content.decode()
    copy_page = client.get(address)
    data = token_of(copy_page) | {"first_day_on": "2026-11-04"}
    response = client.post(address, data)

    copy = Seminar.objects.latest("pk")
    assert f'href="{address}"' in change_page
    assert copy_page.context["form"].initial == {"first_day_on": NEXT}
    assert response["Location"] == f"/admin/seminars/seminar/{copy.pk}/change/"
    assert copy.starts_on == dt.date(2026, 11, 4)


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30"])
def test_invalid_copy_date_is_rejected(client, last_years, day):
    client.force_login(staff(is_superuser=True))

    address = f"/admin/seminars/seminar/{last_years.pk}/copy/"
    response = client.post(address, token_for(client, address) | {"first_day_on": day})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["first_day_on"]
    assert Seminar.objects.count() == 1


@pytest.mark.parametrize("codename", ["view_seminar", "add_seminar"])
def test_copy_requires_add_and_view_permission(client, last_years, codename):
    permission = Permission.objects.get(codename=codename)
    client.force_login(staff(permissions=[permission]))

    response = client.post(
        f"/admin/seminars/seminar/{last_years.pk}/copy/",
        {"first_day_on": "2026-11-04"},
    )

    assert response.status_code == 403
    assert Seminar.objects.count() == 1


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "99999-01-01", "nonsense"])
def test_copy_form_reports_out_of_range_date(client, last_years, day):
    client.force_login(staff(is_superuser=True))
    address = reverse("admin:seminars_seminar_copy", args=[last_years.pk])

    response = client.post(address, token_for(client, address) | {"first_day_on": day})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["first_day_on"]
    assert Seminar.objects.count() == 1
