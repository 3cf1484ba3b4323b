import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from portal.content.publishing.models import Proposal
from portal.core.accounts.roles import sync_roles
from portal.core.audit.snapshots import Snapshot
from seminars.models import Participant, Seminar
from tests.admin_forms import errors, filled, rows, token_for
from tests.factories.directory import any_country, organ, place
from tests.factories.people import person
from tests.factories.publishing import published, staff
from tests.factories.seminars import (
    certificate,
    participant,
    seminar,
    session,
    training_record,
)
from tests.failures import collect_failures
from tests.portal.staff.add_forms import blank_form

pytestmark = pytest.mark.django_db
ADD = "/admin/seminars/seminar/add/"


@pytest.fixture
def staff_client(client):
    client.force_login(staff(is_superuser=True))
    return client


@pytest.fixture
def add(staff_client) -> Callable[..., Seminar]:
    """Return a function that adds a seminar with the admin form."""

    def entered(**values) -> Seminar:
        data = blank_form(staff_client, Seminar) | {"scope": "prosecutors"} | values
        response = staff_client.post(ADD, data)
        assert response.status_code == 302, errors(response)
        return Seminar.objects.get()

    return entered


def _change(staff_client, record: Seminar, **values):
    address = reverse("admin:seminars_seminar_change", args=[record.pk])
    response = staff_client.post(address, filled(staff_client.get(address)) | values)
    assert response.status_code == 302, errors(response)


@pytest.mark.parametrize(
    "title", [{"title_zh_hans": "示例研修班"}, {"title_en": "Sample seminar"}]
)
def test_seminar_can_be_entered_in_one_language_only(add, title):
    record = add(**title)

    assert record.code == "SEM-5001"
    assert record.languages == [next(iter(title))[6:].replace("_", "-")]


def test_seminar_without_a_title_is_refused(staff_client):
    data = blank_form(staff_client, Seminar) | {"scope": "prosecutors"}

    response = staff_client.post(ADD, data)

    assert response.status_code == 200
    assert (
        "Enter a title or name in Simplified Chinese or English."
        in response.content.decode()
    )
    assert not Seminar.objects.exists()


def test_seminar_of_twenty_sessions_is_saved(add):
    sessions = [
        {
            "position": number,
            "session_kind": "lecture",
            "title_zh_hans": f"第{number}讲",
            "starts_at_0": "2025-10-29",
            "starts_at_1": f"{number:02}:00",
        }
        for number in range(20)
    ]

    record = add(title_zh_hans="示例研修班", **rows("sessions", *sessions))

    saved = record.sessions.all()
    assert [talk.title_zh_hans for talk in saved] == [f"第{n}讲" for n in range(20)]


def test_changelist_of_60_participants_needs_at_most_8_queries(
    staff_client, django_assert_num_queries
):
    record = seminar("SEM-0001")
    sent_by = organ()
    for number in range(60):
        participant(record, person=person(f"Sample Trainee {number}"), organ=sent_by)
    form = staff_client.get(reverse("admin:seminars_seminar_change", args=[record.pk]))
    address = reverse("admin:seminars_participant_changelist")

    assert f'href="{address}?seminar__id__exact={record.pk}"' in form.content.decode()
    assert "60 participants" in form.content.decode()
    with django_assert_num_queries(6):
        page = staff_client.get(f"{address}?seminar__id__exact={record.pk}")
    assert page.context["cl"].result_count == 60
    assert len(page.context["cl"].result_list) == 60


QUERIES = {"seminar": 5, "participant": 6, "trainingrecord": 5, "certificate": 7}


def test_changelist_query_count_is_constant(staff_client, django_assert_num_queries):
    with collect_failures() as failures:
        for number in (1, 2, 3):
            record = seminar(f"SEM-{number:04}")
            session(record)
            trainee = participant(
                record, person=person(f"Sample {number}"), organ=organ()
            )
            certificate(training_record(trainee))
            for model, queries in QUERIES.items():
                address = reverse(f"admin:seminars_{model}_changelist")
                with failures.case(number, model):
                    with django_assert_num_queries(queries):
                        page = staff_client.get(address)

                    assert page.context["cl"].result_count == number


def test_participant_search_matches_person_name(staff_client):
    record = seminar("SEM-0001")
    expected = participant(record, person=person("Sample Wanted"))
    participant(record, person=person("Sample Other"))
    address = reverse("admin:seminars_participant_changelist")

    page = staff_client.get(address, {"q": "wanted"})
    of_seminars = staff_client.get(
        reverse("admin:seminars_seminar_changelist"), {"q": "wanted"}
    )

    assert list(page.context["cl"].result_list) == [expected]
    assert of_seminars.context["cl"].result_count == 0


def test_participant_add_sets_updated_by(staff_client):
    record, trainee = seminar("SEM-0001"), person()

    address = reverse("admin:seminars_participant_add")
    facts = {"seminar": record.pk, "person": trainee.pk, "organ": ""}

    staff_client.post(address, token_for(staff_client, address) | facts)

    entered = Participant.objects.get()
    assert entered.person == trainee
    assert entered.updated_by.username == "sample.clerk"


@pytest.mark.parametrize("model", ["participant", "trainingrecord", "certificate"])
def test_personal_row_change_form_opens(staff_client, model):
    paper = certificate()
    row = {
        "certificate": paper,
        "trainingrecord": paper.training_record,
        "participant": paper.training_record.participant,
    }[model]

    page = staff_client.get(reverse(f"admin:seminars_{model}_change", args=[row.pk]))

    assert page.status_code == 200


# -------------------------------------------------------------------- order of sessions


def _entered(*sessions: tuple[str, str, str]) -> dict:
    """Return form data of sessions, each with title, position and time of the start."""
    return rows(
        "sessions",
        *(
            {
                "position": position,
                "session_kind": "lecture",
                "title_en": title,
                "starts_at_0": "2025-10-29" if time else "",
                "starts_at_1": time,
            }
            for title, position, time in sessions
        ),
    )


def _titles(record: Seminar) -> list[str]:
    return [talk.title_en for talk in record.sessions.all()]


def test_sessions_are_sorted_by_time_and_others_by_number(add):
    late, early = ("Late", "1", "14:00"), ("Early", "5", "09:00")
    tea, closing = ("Tea after Late", "2", ""), ("Closing without a number", "0", "")

    record = add(title_en="Sample", **_entered(closing, late, tea, early))

    assert _titles(record) == [
        "Early",
        "Late",
        "Tea after Late",
        "Closing without a number",
    ]


def test_session_is_moved_by_its_time_or_number(add, staff_client):
    first, second = ("First", "1", "09:00"), ("Second", "2", "10:00")
    record = add(
        title_en="Sample", **_entered(first, second, ("A", "3", ""), ("B", "4", ""))
    )

    _change(staff_client, record, **{"sessions-3-position": "0"})
    assert _titles(record) == ["B", "First", "Second", "A"]

    _change(staff_client, record, **{"sessions-1-starts_at_1": "11:00"})
    assert _titles(record) == ["B", "Second", "A", "First"]


def test_saving_seminar_keeps_positions_of_sessions_in_order(add, staff_client):
    record = add(title_en="Sample", **_entered(("A", "3", ""), ("B", "7", "")))

    _change(staff_client, record, **{"sessions-0-title_en": "Other"})

    assert list(record.sessions.values_list("position", flat=True)) == [3, 7]


def test_proposed_sessions_are_sorted_by_time(staff_client, settings):
    record = published(seminar("SEM-0001", title_en="Sample"))
    settings.TWO_PERSON_APPROVAL = True

    _change(
        staff_client,
        record,
        **_entered(("Late", "1", "14:00"), ("Early", "2", "09:00")),
    )

    proposed = Snapshot.from_json(Proposal.objects.get().wanted).parts["sessions"]
    positions = {row.values["title_en"]: row.values["position"] for row in proposed}
    assert positions == {"Early": 1, "Late": 2}
    assert not record.sessions.exists()


def test_session_label_has_code_of_seminar(staff_client):
    talk = session(seminar("SEM-0001"), title_en="Sample lecture")
    address = reverse("admin:seminars_seminar_change", args=[talk.seminar.pk])

    assert "SEM-0001 Sample lecture" in staff_client.get(address).text


def test_editor_enters_office_of_speaker_but_no_person(client):
    """Only users with permission to view people may name one."""
    sync_roles()
    editor = staff("sample.editor")
    editor.groups.set(Group.objects.filter(name="editor"))
    client.force_login(editor)
    data = blank_form(client, Seminar) | {"scope": "prosecutors", "title_en": "Sample"}
    row = {"session_kind": "lecture", "position": "1", "speaker": person().pk}
    office = {"speaker_office_en": "Sample office"}

    client.post(ADD, data | rows("sessions", row | office))

    talk = Seminar.objects.get().sessions.get()
    assert (talk.speaker_office_en, talk.speaker) == ("Sample office", None)
    assert "speaker_office_en" in client.get(ADD).text
    assert 'sessions-__prefix__-speaker"' not in client.get(ADD).text


# --------------------------------------------------------------- time zones of sessions


def _at_half_past_nine(**values) -> dict:
    return rows(
        "sessions",
        {
            "position": 1,
            "session_kind": "lecture",
            "starts_at_0": "2025-10-29",
            "starts_at_1": "09:30",
            **values,
        },
    )


def test_session_time_is_parsed_in_first_place_time_zone(add):
    hanoi = place("hanoi", time_zone="Asia/Ho_Chi_Minh")

    record = add(title_en="Sample", places=[hanoi.pk], **_at_half_past_nine())

    starts = record.sessions.get().starts_at
    assert starts == dt.datetime(2025, 10, 29, 2, 30, tzinfo=dt.UTC)


def test_session_time_is_parsed_in_own_place_time_zone(add):
    hanoi = place("hanoi", time_zone="Asia/Ho_Chi_Minh")
    tokyo = place("tokyo", time_zone="Asia/Tokyo", country=any_country("JP"))

    record = add(
        title_en="Sample", places=[hanoi.pk], **_at_half_past_nine(place=tokyo.pk)
    )

    starts = record.sessions.get().starts_at
    assert starts == dt.datetime(2025, 10, 29, 0, 30, tzinfo=dt.UTC)


def test_session_time_without_place_uses_default_time_zone(add):
    record = add(title_en="Sample", **_at_half_past_nine())

    starts = record.sessions.get().starts_at
    assert starts == dt.datetime(2025, 10, 29, 1, 30, tzinfo=dt.UTC)


def test_unchanged_session_keeps_time(staff_client):
    hanoi = place("hanoi", time_zone="Asia/Ho_Chi_Minh")
    record = seminar("SEM-0001", places=[hanoi])
    starts = dt.datetime(2025, 10, 29, 2, 30, tzinfo=dt.UTC)
    session(record, starts_at=starts, ends_at=starts + dt.timedelta(hours=1))

    _change(staff_client, record)

    saved = record.sessions.get()
    assert saved.starts_at == starts
    assert saved.ends_at == starts + dt.timedelta(hours=1)


def test_session_keeps_wall_clock_time_when_place_changes(staff_client):
    """The session was entered as 09:30 in Hanoi, but took place at 09:30 in Nanning."""
    hanoi = place("hanoi", time_zone="Asia/Ho_Chi_Minh")
    nanning = place("nanning", time_zone="Asia/Shanghai", country=any_country("CN"))
    record = seminar("SEM-0001", places=[hanoi])
    session(record, starts_at=dt.datetime(2025, 10, 29, 2, 30, tzinfo=dt.UTC))

    _change(staff_client, record, places=[nanning.pk])

    starts = record.sessions.get().starts_at
    assert starts == dt.datetime(2025, 10, 29, 1, 30, tzinfo=dt.UTC)


def test_session_that_ends_before_it_starts_is_refused(staff_client):
    data = blank_form(staff_client, Seminar) | {
        "scope": "prosecutors",
        "title_en": "Sample",
    }
    data |= _at_half_past_nine(ends_at_0="2025-10-29", ends_at_1="09:00")

    response = staff_client.post(ADD, data)

    assert response.status_code == 200
    assert (
        "The end time must be after the start time. Correct the "
        "times or leave the end time blank."
    ) in response.content.decode()


def test_instruction_languages_are_checkboxes(add):
    record = add(title_en="Sample", instruction_languages=["zh-Hans", "vi"])

    assert record.instruction_languages == ["zh-Hans", "vi"]


def test_saving_published_seminar_updates_page(staff_client):
    record = published(seminar("SEM-0001"))

    _change(staff_client, record, title_en="Sample with a new title")

    assert (
        "Sample with a new title" in staff_client.get("/en/seminars/").content.decode()
    )
    assert Seminar.objects.get().revision == 2
