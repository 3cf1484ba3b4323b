"""``verify_history`` reports exactly the changes that no audit entry explains."""

import datetime as dt
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from portal.content.catalogue.registry import all_kinds
from portal.content.publishing import operations
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Contribution, Proposal, Source
from portal.content.publishing.verification import unexplained_records
from portal.core.accounts.models import User
from portal.core.audit.models import Deed, PersonalValue
from portal.reference.people import operations as people
from portal.reference.people.models import Person
from seminars.models import Participant, Seminar, Session
from seminars.operations import copy_seminar
from tests import reviewing
from tests.admin_forms import errors, rows
from tests.factories.directory import organ, topic
from tests.factories.people import person
from tests.factories.publishing import AT, actor, staff
from tests.failures import collect_failures
from tests.portal.content.spreadsheets.import_helpers import csv_of, written
from tests.project.kind_factories import days_of
from tests.project.related_records import fresh
from tests.sign_in import confirmed
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db
ADD = "/admin/seminars/seminar/add/"


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


def signed_in(username: str) -> Client:
    return confirmed(Client(), User.objects.get(username=username))


@pytest.fixture(scope="module")
def shared_draft(rows_of_module) -> Iterator[Seminar]:
    with rows_of_module(enter_draft) as entered:
        yield entered


@pytest.fixture
def editor(shared_draft, db) -> Client:
    return signed_in("sample.editor")


@pytest.fixture
def reviewer(shared_draft, db) -> Client:
    return signed_in("sample.reviewer")


def save(client, url: str, **values):
    response = client.post(url, opened_form(client, url) | values)
    assert response.status_code == 302, errors(response)


def act(client, name: str, action: str, row, **values):
    form_data = {"action": action, "_selected_action": row.pk, **values}
    client.post(f"/admin/{name}/", form_data)


def form_of(record) -> str:
    return f"/admin/seminars/seminar/{record.pk}/change/"


def verified() -> list[str]:
    """Return the problems that the command reports."""
    try:
        call_command("verify_history", stdout=StringIO())
    except CommandError as error:
        return str(error).splitlines()
    return []


def enter_draft() -> Seminar:
    """Create a seminar by its form, with a session, a source and relations."""
    staff("sample.reviewer", is_superuser=True)
    editor = confirmed(Client(), staff("sample.editor", is_superuser=True))
    with override_settings(TWO_PERSON_APPROVAL=True):
        save(
            editor,
            ADD,
            scope="prosecutors",
            title_en="Sample",
            starts_on="2024-05-06",
            date_precision="day",
            topics=[topic("evidence").pk],
            organiser_organs=[organ("vn-spp").pk],
            **rows("sessions", {"title_en": "Opening", "session_kind": "lecture"}),
            **{"sessions-0-position": "1"},
            **rows(
                "publishing-source-content_type-object_id",
                {"position": 1, "url": "https://example.org/a"},
            ),
        )
    return Seminar.objects.get()


@pytest.fixture
def draft(shared_draft, db) -> Seminar:
    """Read the seminar again, because a test changes the object."""
    return Seminar.objects.get()


@pytest.fixture
def public(draft) -> Seminar:
    """Publish the draft with the approval of another user."""
    operations.submit(draft, by=draft.created_by, at=AT)
    reviewing.approve(draft, by=actor(), at=AT)
    return draft


# ------------------------------------------------------------------- no false alarms


def test_day_of_normal_work_raises_no_alarm(draft, editor, reviewer):
    seminars = "seminars/seminar"
    act(editor, seminars, "submit", draft)
    act(reviewer, seminars, "return_to_draft", draft, reason="Which day?")
    save(editor, form_of(draft), title_en="Sample seminar", confidence="high")
    assert verified() == []
    act(editor, seminars, "submit", draft)
    reviewing.approve(draft, by=actor(), at=AT)
    assert verified() == []
    second = {"title_en": "Second", "session_kind": "lecture", "position": "2"}
    save(
        editor,
        form_of(draft),
        title_en="Corrected",
        **{"sessions-0-title_en": "Corrected opening"},
        **rows("sessions", {}, second),
    )
    save(reviewer, form_of(draft), title_th="ไทย")
    assert verified() == []
    reviewing.accept(Proposal.objects.open().get(), by=actor(), at=AT)
    assert Session.objects.count() == 2
    save(reviewer, form_of(draft), title_en="Not wanted", **{"sessions-0-DELETE": "on"})
    assert verified() == []
    reviewing.discard(Proposal.objects.open().get(), by=actor(), at=AT, reason="No.")
    assert verified() == []
    save(reviewer, form_of(draft), **{"sessions-0-DELETE": "on"})
    other_user = staff("sample.third", is_superuser=True)
    reviewing.accept(Proposal.objects.open().get(), by=other_user, at=AT)
    assert Session.objects.count() == 1
    save(editor, form_of(draft), title_en="Waits")
    reviewing.withdraw(draft, by=actor(), at=AT)
    assert verified() == []
    reviewing.return_to_draft(draft, by=actor(), at=AT)
    save(reviewer, form_of(draft), title_en="After its withdrawal")
    assert verified() == []


def test_record_that_is_copied_and_published_raises_no_alarm(public, editor):
    page = f"/admin/seminars/seminar/{public.pk}/copy/"
    token = {"form_token": editor.get(page).context["form_token"]}
    editor.post(page, {"first_day_on": "2025-05-06"} | token)
    copy = Seminar.objects.latest("pk")
    assert copy != public
    operations.submit(copy, by=actor(), at=AT)
    reviewing.approve(copy, by=actor(), at=AT)

    assert verified() == []


def test_import_over_an_entered_record_raises_no_alarm(draft):
    content = csv_of(
        ("code", "title_en", "source_urls"),
        (draft.code, "From a sheet", "https://example.org/b"),
    )
    written(content)
    draft.refresh_from_db()
    assert draft.title_en == "From a sheet"
    assert verified() == []
    operations.submit(draft, by=actor(), at=AT)
    reviewing.approve(draft, by=actor(), at=AT)

    assert verified() == []


def enter_participant(editor, seminar) -> Person:
    save(
        editor,
        "/admin/people/person/add/",
        name_latin="Sample Person",
        country=organ("cn-spp").country_id,
    )
    new_person = Person.objects.get()
    save(
        editor,
        "/admin/seminars/participant/add/",
        seminar=seminar.pk,
        person=new_person.pk,
        organ=organ("th-ago").pk,
    )
    save(
        editor,
        "/admin/seminars/trainingrecord/add/",
        participant=Participant.objects.get().pk,
        role="trainee",
        hours_attended="3",
    )
    return new_person


def test_erased_person_raises_no_alarm(draft, editor, reviewer):
    new_person = enter_participant(editor, draft)
    save(editor, form_of(draft), **{"sessions-0-speaker": new_person.pk})
    values = PersonalValue.objects.count()

    act(reviewer, "people/person", "erase", new_person, reason="By request.")

    assert Person.objects.get().erased_at is not None
    assert values > PersonalValue.objects.count() == 0
    assert verified() == []


def test_erasure_covers_rows_that_were_deleted_or_given_to_another(draft, editor):
    wrong_person = enter_participant(editor, draft)
    right_person = person("Right Person")
    participant = Participant.objects.get()
    form = f"/admin/seminars/participant/{participant.pk}/change/"
    save(editor, form, person=right_person.pk)
    record = participant.training_record
    editor.post(f"/admin/seminars/trainingrecord/{record.pk}/delete/", {"post": "yes"})

    people.erase_person(wrong_person, by=draft.created_by, at=AT, reason="By request.")

    assert (
        PersonalValue.objects.filter(subject=wrong_person.personal_subject).count() == 0
    )
    assert not Participant.objects.filter(training_record__isnull=False).exists()
    assert verified() == []


# ------------------------------------------------------------------------- tampering


def test_published_record_without_an_entry_is_named_for_every_kind():
    expected = set()
    for kind in all_kinds():
        record = fresh(kind.model, **days_of(kind))
        type(record).objects.filter(pk=record.pk).update(
            status=Status.PUBLISHED, published_at=AT
        )
        expected.add(
            f"{record._meta.label_lower} {record.public_code}: it is published, but "
            "its publication has no audit entry"
        )

    problems = verified()

    assert len(expected) == len(all_kinds())
    assert expected - set(problems) == set()


def test_withdrawn_record_that_is_public_again_without_an_entry_is_named(public):
    reviewing.withdraw(public, by=actor(), at=AT)
    assert verified() == []
    Seminar.objects.update(status=Status.PUBLISHED, withdrawn_at=None)

    (problem,) = verified()
    assert problem.startswith(f"seminars.seminar {public.code}: it is published, but")
    assert problem.endswith("withdrawn")


def _change_title(record):
    Seminar.objects.update(title_en="Tampered")
    return "title/en of seminars.seminar"


def _change_translation_of_session(record):
    Session.objects.update(title_en="Tampered")
    return "title/en of seminars.session"


def _fill_in_number(record):
    Seminar.objects.update(reported_participants=9)
    return "reported_participants of seminars.seminar"


def _change_day(record):
    Seminar.objects.update(starts_on="2024-05-07")
    return "starts_on of seminars.seminar"


def _empty_field(record):
    Session.objects.update(title_en="")
    return "title/en of seminars.session"


def _add_link(record):
    record.topics.add(topic("tampered"))
    return "topics of seminars.seminar"


def _remove_link(record):
    record.organiser_organs.clear()
    return "organiser_organs of seminars.seminar"


def _change_address_of_source(record):
    Source.objects.update(url="https://example.org/tampered")
    return "url of publishing.source"


def _add_row(record):
    Session.objects.create(seminar=record, title_en="Tampered", position=7)
    return "was added, but this has no audit entry"


def _remove_row(record):
    Session.objects.all().delete()
    return "was deleted, but this has no audit entry"


TAMPERING = [
    _change_title,
    _change_translation_of_session,
    _change_day,
    _fill_in_number,
    _empty_field,
    _add_link,
    _remove_link,
    _change_address_of_source,
    _add_row,
    _remove_row,
]


def test_value_without_audit_entry_is_reported(public):
    assert verified() == []
    with collect_failures() as failures:
        for tamper in TAMPERING:
            with failures.isolated_case(tamper.__name__):
                expected = tamper(Seminar.objects.get())

                (problem,) = verified()

                assert problem.startswith(f"seminars.seminar {public.code}: ")
                assert expected in problem
    assert verified() == []


def test_draft_may_differ_because_nothing_of_it_is_public(draft):
    Seminar.objects.update(title_en="Changed by a program")

    assert verified() == []


def test_personal_value_missing_without_erasure_is_reported(draft, editor):
    enter_participant(editor, draft)
    assert verified() == []
    lost = PersonalValue.objects.filter(field="hours_attended").get()
    lost.delete()

    (problem,) = verified()

    assert problem.startswith("seminars.trainingrecord ")
    assert problem.endswith(f"not erased: {lost.deed_id}")


def test_personal_value_missing_after_erasure_is_reported(draft, editor):
    new_person = enter_participant(editor, draft)
    people.erase_person(new_person, by=draft.created_by, at=AT, reason="By request.")
    record = Participant.objects.get().training_record
    form = f"/admin/seminars/trainingrecord/{record.pk}/change/"
    save(editor, form, hours_attended="4")
    assert verified() == []
    entry = Deed.objects.filter(verb="changed").latest("position")
    assert PersonalValue.objects.filter(deed=entry).delete()[0]

    (problem,) = verified()

    assert problem.endswith(f"not erased: {entry.position}")


def test_missing_contribution_to_a_draft_is_reported(draft):
    assert Contribution.objects.all().delete()[0]

    problem = f"seminars.seminar {draft.code}: sample.editor changed it, but is no "
    assert verified() == [f"{problem}contributor"]


def test_missing_contribution_to_a_waiting_change_is_reported(public, editor, reviewer):
    save(editor, form_of(public), title_en="First")
    save(reviewer, form_of(public), title_en="Second")
    Contribution.objects.filter(user__username="sample.reviewer").delete()

    (problem,) = verified()

    assert "sample.reviewer changed it, but is no contributor" in problem


def test_missing_contribution_of_a_change_author_is_reported(public, editor):
    """A missing contribution is reported even if the record was republished since."""
    save(editor, form_of(public), title_en="First")
    reviewing.withdraw(public, by=actor(), at=AT)
    reviewing.return_to_draft(public, by=actor(), at=AT)
    operations.submit(public, by=actor(), at=AT)
    reviewing.approve(public, by=actor(), at=AT)
    assert verified() == []
    assert Contribution.objects.all().delete()[0]

    (problem,) = verified()

    assert "sample.editor changed it" in problem


def test_all_problems_are_reported_at_once(public, draft):
    Seminar.objects.update(title_en="Tampered")
    Deed.objects.filter(position=2).update(note="Tampered")

    problems = verified()

    assert problems[0].startswith("Broken at position 2:")
    assert "title/en of seminars.seminar" in problems[1]


def test_verification_costs_the_same_for_any_number_of_records(
    public, django_assert_num_queries
):
    def check():
        return list(unexplained_records())

    check()
    with CaptureQueriesContext(connection) as queries:
        check()
    expected = len(queries)
    for number in range(2, 4):
        _published_copy(public, number)

    with django_assert_num_queries(expected):
        assert check() == []


def _published_copy(record, number: int):
    copy = copy_seminar(
        record, starts_on=dt.date(2024 + number, 5, 6), by=actor(), at=AT
    )
    operations.submit(copy, by=actor(), at=AT)
    reviewing.approve(copy, by=actor(), at=AT)
