"""Heartbeats of worker and beat: how they are written, and when a process is late."""

import datetime as dt
import threading

import pytest
from celery import signals
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from portal import celery
from portal.core.audit.models import Deed
from portal.core.jobs import heartbeats
from portal.core.jobs.heartbeats import LateProcess, find_late_processes
from portal.core.jobs.models import Heartbeat, Job
from portal.core.jobs.operations import record_heartbeat
from tests.factories.publishing import AT

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def production(settings):
    settings.PORTAL_MODE, settings.JOBS_EAGER = "production", False


def late(at=AT) -> list[str]:
    return [process.name for process in find_late_processes(at)]


def test_process_is_late_after_three_minutes(production):
    record_heartbeat("worker", at=AT - 4 * MINUTE)
    record_heartbeat("beat", at=AT - 2 * MINUTE)

    assert find_late_processes(AT) == [LateProcess("worker", AT - 4 * MINUTE)]
    assert late(AT + 2 * MINUTE) == ["worker", "beat"]

    record_heartbeat("worker", at=AT)

    assert late() == []


def test_heartbeat_adds_no_rows_and_no_history():
    entries = Deed.objects.count()
    for minute in range(3):
        record_heartbeat("worker", at=AT + minute * MINUTE)

    row = Heartbeat.objects.get()
    assert (row.name, row.at) == ("worker", AT + 2 * MINUTE)
    assert Deed.objects.count() == entries


def test_worker_that_never_ran_is_late_once_a_job_waits(production):
    record_heartbeat("beat", at=AT)
    assert late() == []

    Job.objects.create(name="sample", created_at=AT, run_after=AT - 2 * MINUTE)
    assert late() == []
    assert late(AT + 2 * MINUTE) == ["worker"]


def test_beat_that_never_ran_is_late_in_production(production):
    assert find_late_processes(AT) == [LateProcess("beat", None)]


def test_only_expected_processes_are_late(settings, django_assert_num_queries):
    for name in ("worker", "beat"):
        record_heartbeat(name, at=AT - dt.timedelta(days=1))
    expected = {
        ("local", True): [],
        ("local", False): ["worker"],
        ("production", True): ["beat"],
        ("production", False): ["worker", "beat"],
    }
    for (settings.PORTAL_MODE, settings.JOBS_EAGER), names in expected.items():
        assert late() == names

    settings.PORTAL_MODE, settings.JOBS_EAGER = "local", True
    with django_assert_num_queries(0):
        late()


def test_publish_due_counts_as_beat():
    before = timezone.now()
    call_command("publish_due")

    assert Heartbeat.objects.get(name="beat").at >= before


def test_publish_due_that_fails_is_no_heartbeat(monkeypatch):
    def fail(*, at):
        raise OperationalError("disk full")

    monkeypatch.setattr("portal.core.accounts.operations.prune_sign_ins", fail)

    with pytest.raises(OperationalError):
        call_command("publish_due")

    assert not Heartbeat.objects.exists()


def test_beat_reports_each_task_that_it_sends_also_without_a_broker(monkeypatch):
    closed = []
    monkeypatch.setattr(celery.connections, "close_all", lambda: closed.append(1))
    signals.beat_init.send(sender=None)
    Heartbeat.objects.get(name="beat").delete()
    before = timezone.now()
    try:
        signals.before_task_publish.send(sender="jobs.sweep")
    finally:
        signals.before_task_publish.disconnect(celery.report_beat)

    assert Heartbeat.objects.get().name == "beat"
    assert Heartbeat.objects.get().at >= before
    # Beat reports at its start and for each task. Without its signal handler, as in
    # other processes, sending a task is not reported.
    signals.before_task_publish.send(sender="jobs.sweep")
    assert closed == [1, 1]


def test_worker_thread_reports_until_it_is_stopped(monkeypatch):
    reported, enough = [], threading.Event()

    def report(name):
        reported.append(name)
        if len(reported) == 3:
            enough.set()

    monkeypatch.setattr(heartbeats, "report", report)
    monkeypatch.setattr(heartbeats, "INTERVAL_SECONDS", 0)
    thread = heartbeats.HeartbeatThread("worker")
    thread.start()
    assert enough.wait(30)
    thread.stop()
    thread.join(30)

    assert thread.daemon
    assert not thread.is_alive()
    assert set(reported) == {"worker"}


def test_heartbeat_that_cannot_be_stored_is_logged(caplog):
    def fail(execute, sql, params, many, context):
        raise OperationalError("database is locked")

    with connection.execute_wrapper(fail):
        heartbeats.report("worker")

    assert "The heartbeat of worker was not stored" in caplog.text
