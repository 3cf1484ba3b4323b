"""The end of the audit log is exported each night, and a failure is noticed."""

import datetime as dt
import errno
import json
import os

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.core.audit import operations
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed, Head
from portal.core.jobs.choices import JobState
from portal.core.jobs.heartbeats import find_late_processes
from portal.core.jobs.models import Heartbeat, Job
from portal.core.jobs.operations import run_due_jobs
from portal.staff.audit_log.head_export import enqueue_head_export
from portal.staff.checks import check_head_export
from tests.factories.publishing import actor, staff
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
# 02:00 in Beijing.
NIGHT = dt.datetime(2024, 5, 6, 18, 0, tzinfo=dt.UTC)


@pytest.fixture
def folder(settings, tmp_path):
    settings.JOBS_EAGER = False
    settings.AUDIT_HEAD_DIRECTORY = tmp_path
    return tmp_path


def add_entry() -> Deed:
    return operations.append_entry(
        seminar(), action=AuditAction.CREATED, by=actor(), at=NIGHT
    )


def export() -> Job:
    """Enqueue and run the export now; return its job."""
    enqueue_head_export(at=timezone.now())
    job = Job.objects.order_by("pk").last()
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, attempts=4)
    run_due_jobs(at=timezone.now())
    job.refresh_from_db()
    return job


def test_export_is_due_once_a_night(folder):
    assert enqueue_head_export(at=NIGHT - HOUR)  # the first one
    assert not enqueue_head_export(at=NIGHT)
    assert enqueue_head_export(at=NIGHT + HOUR)
    assert not enqueue_head_export(at=NIGHT + 23 * HOUR)
    assert enqueue_head_export(at=NIGHT + 49 * HOUR)


def test_nothing_is_exported_unless_it_is_configured(settings):
    assert not enqueue_head_export(at=NIGHT)
    assert not Job.objects.exists()
    assert check_head_export() == []


def test_exported_file_verifies_against_the_log(folder):
    entry = add_entry()

    job = export()

    (path,) = folder.iterdir()
    data = json.loads(path.read_text())
    assert (job.state, job.error) == (JobState.DONE, "")
    assert (data["position"], data["hash"]) == (1, entry.hash)
    add_entry()
    call_command("verify_history", against=path)


def test_rewritten_log_fails_and_is_reported(folder, client):
    add_entry()
    enqueue_head_export(at=NIGHT - 48 * HOUR)
    run_due_jobs(at=timezone.now())
    Deed.objects.all().delete()
    Head.objects.update(position=0, hash="")
    add_entry()

    job = export()

    (path,) = folder.iterdir()
    assert job.state == JobState.FAILED
    assert "does not match the head at position 1" in job.error
    with pytest.raises(CommandError, match="does not match the head at position 1"):
        call_command("verify_history", against=path)

    assert find_late_processes(timezone.now()) == []
    late = find_late_processes(timezone.now() + 2 * HOUR)
    assert [process.name for process in late] == ["audit-head"]


def test_failure_is_shown_to_auditors_and_administrators_only(folder, client):
    enqueue_head_export(at=timezone.now() - 48 * HOUR)
    # /ready lists the same processes.
    late = find_late_processes(timezone.now())
    assert "audit-head" in [process.name for process in late]

    for role, is_shown in (
        ("auditor", True),
        ("administrator", True),
        ("editor", False),
    ):
        user = staff(f"sample.{role}")
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        page = client.get("/admin/").text
        assert ("The end of the audit log could not be exported" in page) == is_shown


def test_missing_folder_is_a_failed_job_with_a_remedy(folder, settings):
    settings.AUDIT_HEAD_DIRECTORY = folder / "missing"

    job = export()

    assert job.state == JobState.FAILED
    assert "Create the folder and let the user of the worker write to it." in job.error
    (warning,) = check_head_export()
    assert warning.id == "audit.W001"


def test_folder_that_cannot_be_read_is_a_failure(folder, monkeypatch):
    """Without its files, a log that was written again would not be noticed."""

    def refuse(*args):
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    monkeypatch.setattr(os, "listdir", refuse)
    monkeypatch.setattr(os, "scandir", refuse)

    job = export()

    assert job.state == JobState.FAILED
    assert "Permission denied" in job.error


def test_head_is_mailed_in_both_languages(settings):
    settings.JOBS_EAGER = False
    settings.EMAIL_URL = "smtp://mail.example"
    settings.AUDIT_HEAD_RECIPIENTS = ["audit@office.example"]
    entry = add_entry()

    assert export().state == JobState.DONE

    (message,) = mail.outbox
    assert message.to == ["audit@office.example"]
    assert entry.hash in message.body
    assert "This is the end of the audit log" in message.body


@pytest.mark.parametrize("has_folder", [False, True])
def test_recipients_without_a_mail_server_are_a_failure(
    settings, tmp_path, client, has_folder
):
    settings.JOBS_EAGER = False
    settings.AUDIT_HEAD_RECIPIENTS = ["audit@office.example"]
    settings.AUDIT_HEAD_DIRECTORY = tmp_path if has_folder else ""
    add_entry()

    job = export()

    assert job.state == JobState.FAILED
    assert "Set EMAIL_URL" in job.error
    assert len(list(tmp_path.iterdir())) == has_folder
    Heartbeat.objects.update(at=timezone.now() - 2 * HOUR)
    client.force_login(staff("sample.chief", is_superuser=True))
    page = client.get("/admin/").text
    assert "The end of the audit log could not be exported." in page


def test_invalid_recipients_are_reported(settings):
    settings.AUDIT_HEAD_RECIPIENTS = ["audit@office.example", "office"]

    warnings = check_head_export()

    assert [warning.id for warning in warnings] == ["audit.W002", "audit.W003"]
    assert "'office'" in warnings[0].msg
