"""Auditors verify the audit log in the browser and see its progress and result."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from portal.core.audit import operations
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import ChainVerificationRun, Deed, PersonalValue
from portal.core.audit.snapshots import take_snapshot
from portal.core.audit.stored_heads import build_stored_head
from portal.core.jobs.models import Job
from portal.core.jobs.operations import run_due_jobs
from tests.factories.people import person
from tests.factories.publishing import AT, actor, staff
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/history/deed/verification/"


@pytest.fixture
def auditor(client):
    user = staff("sample.auditor")
    user.groups.add(Group.objects.get(name="auditor"))
    client.force_login(user)
    return user


def add_entries(number: int) -> list[Deed]:
    record, by = seminar(), actor()
    return [
        operations.append_entry(record, action=AuditAction.CREATED, by=by, at=AT)
        for _ in range(number)
    ]


def verify(client, capture) -> str:
    """Start a verification, run it, and return the page."""
    with capture(execute=True):
        client.post(ADDRESS)
    return client.get(ADDRESS).text


def test_unbroken_log(client, auditor, django_capture_on_commit_callbacks):
    entries = add_entries(3)

    page = verify(client, django_capture_on_commit_callbacks)

    assert "No entry was changed, removed or inserted." in page
    assert f"3 entries; the hash of the last one is {entries[-1].hash}" in page
    assert "data-refresh" not in page


def test_first_broken_position(client, auditor, django_capture_on_commit_callbacks):
    entries = add_entries(3)
    Deed.objects.filter(position=2).update(note="Another reason.")

    page = verify(client, django_capture_on_commit_callbacks)

    assert (
        "The audit log is broken at position 2: The audit log entry has been changed"
        in page
    )
    assert f"its hash is {entries[0].hash}" in page
    assert "No entry was changed" not in page


def test_lost_personal_values(client, auditor, django_capture_on_commit_callbacks):
    subject = person()
    operations.append_snapshot_diff(
        subject, before=None, after=take_snapshot(subject), by=actor(), at=AT
    )
    PersonalValue.objects.all().delete()

    page = verify(client, django_capture_on_commit_callbacks)
    assert (
        "personal values of 1 entry are missing although they were not erased"
    ) in page

    operations.erase_personal_values(subject.personal_subject, by=actor(), at=AT)
    verify(client, django_capture_on_commit_callbacks)
    assert ChainVerificationRun.objects.first().lost_count == 0


def test_progress_is_shown_and_a_running_verification_is_not_started_twice(
    client, auditor, settings
):
    settings.JOBS_EAGER = False
    add_entries(5)
    client.post(ADDRESS)
    run = ChainVerificationRun.objects.get()
    operations.continue_verification(run, at=timezone.now(), limit=2)

    page = client.get(ADDRESS).text
    answer = client.post(ADDRESS, follow=True).text

    assert "2 of 5" in page
    assert "data-refresh" in page
    assert "A verification is running already." in answer
    assert ChainVerificationRun.objects.count() == Job.objects.count() == 1

    # Entries that are appended meanwhile are verified too.
    add_entries(1)
    run_due_jobs(at=timezone.now())
    run.refresh_from_db()
    assert (run.position, run.first_broken_position) == (6, None)
    assert run.finished_at


def test_interrupted_verification_can_be_started_again(client, auditor, settings):
    settings.JOBS_EAGER = False
    add_entries(1)
    client.post(ADDRESS)
    run = ChainVerificationRun.objects.get()
    run.progressed_at = timezone.now() - dt.timedelta(minutes=20)
    run.save()

    page = client.get(ADDRESS).text
    client.post(ADDRESS)

    assert "The verification was interrupted after entry 0" in page
    assert ChainVerificationRun.objects.count() == 2


def test_job_continues_where_a_dead_worker_stopped(auditor, monkeypatch):
    monkeypatch.setattr(operations, "_ENTRIES_PER_STEP", 2)
    entries = add_entries(5)
    run = operations.start_verification(by=auditor, at=AT)
    steps = 0
    while not run.finished_at:
        operations.continue_verification(run, at=AT, limit=2)
        run = ChainVerificationRun.objects.get()
        steps += 1

    assert (run.position, run.hash, steps) == (5, entries[-1].hash, 3)


def test_stored_end_is_compared(client, auditor):
    (entry,) = add_entries(1)
    head = build_stored_head(entry.position, entry.hash, at=AT)
    other = build_stored_head(entry.position, "0" * 64, at=AT)

    for text, message in (
        (head.to_json(), "The audit log contains this end"),
        (other.to_json(), "The audit log does not contain this end"),
        (build_stored_head(10**18, "0" * 64, at=AT).to_json(), "does not contain"),
        ('{"position": 1e400, "hash": ""}', "This is not an exported end"),
        ('{"position": -1, "hash": ""}', "This is not an exported end"),
        ('{"position": 99999999999999999999, "hash": ""}', "not an exported end"),
        ('{"position": 1, "hash": "\\ud800"}', "This is not an exported end"),
        (
            f'{{"position": 0, "hash": "", "exported_at": "{"x" * 10_000}"}}',
            "This is not an exported end",
        ),
        ("[" * 100_000, "This is not an exported end"),
        ("[]", "This is not an exported end"),
        ("\0", "This is not an exported end"),
        ("", "This is not an exported end"),
    ):
        answer = client.post(ADDRESS, {"head": text})
        assert answer.status_code == 200, text
        assert message in answer.text, text
    assert not ChainVerificationRun.objects.exists()


def test_others_may_not_verify(client):
    editor = staff("sample.editor")
    editor.groups.add(Group.objects.get(name="editor"))
    client.force_login(editor)

    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS).status_code == 403
    assert not ChainVerificationRun.objects.exists()
