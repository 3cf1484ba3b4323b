"""Heartbeats of the background processes: recording them and finding late ones."""

import datetime as dt
import logging
import threading
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from portal.core.jobs.models import Heartbeat, Job
from portal.core.jobs.operations import record_heartbeat

WORKER = "worker"
# Stored by Celery beat, or by the publish_due command if cron replaces beat.
BEAT = "beat"
# Last export of the end of the audit log, and the time when the latest one was begun.
AUDIT_HEAD = "audit-head"
AUDIT_HEAD_BEGUN = "audit-head-begun"
INTERVAL_SECONDS = 30
LATE_AFTER = dt.timedelta(minutes=3)
# A job is tried for half an hour before it fails for good.
_EXPORT_LATE_AFTER = dt.timedelta(hours=1)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LateProcess:
    """A background process that is expected to run and has not reported.

    ``since`` is the time of its last report, None if it never reported.
    """

    name: str
    since: dt.datetime | None


def find_late_processes(at: dt.datetime) -> list[LateProcess]:
    """Return the expected processes whose last report is more than 3 minutes old.

    A worker is expected unless JOBS_EAGER is set (jobs then run in the process that
    enqueues them). A worker that never reported counts as late only if a job has been
    due for 3 minutes, because cron can run all jobs instead of a worker. Beat (or cron)
    is expected in production. If the end of the audit log is to be exported, an export
    that was begun more than an hour ago and has not succeeded is late.
    """
    expected = _get_expected_processes()
    is_exported = settings.AUDIT_HEAD_DIRECTORY or settings.AUDIT_HEAD_RECIPIENTS
    if not expected and not is_exported:
        return []
    last_reports = dict(Heartbeat.objects.values_list("name", "at"))
    threshold = at - LATE_AFTER
    late = [
        LateProcess(name, last_reports.get(name))
        for name in expected
        if _is_late(name, last_reports.get(name), threshold)
    ]
    if is_exported and _is_export_late(last_reports, at):
        late.append(LateProcess(AUDIT_HEAD, last_reports.get(AUDIT_HEAD)))
    return late


def _get_expected_processes() -> list[str]:
    worker = [] if settings.JOBS_EAGER else [WORKER]
    return [*worker, BEAT] if settings.PORTAL_MODE == "production" else worker


def _is_late(
    name: str, last_report: dt.datetime | None, threshold: dt.datetime
) -> bool:
    if last_report is None:
        return name != WORKER or Job.objects.due(threshold).exists()
    return last_report < threshold


def _is_export_late(last_reports: dict[str, dt.datetime], at: dt.datetime) -> bool:
    begun, exported = last_reports.get(AUDIT_HEAD_BEGUN), last_reports.get(AUDIT_HEAD)
    if begun is None or begun >= at - _EXPORT_LATE_AFTER:
        return False
    return exported is None or exported < begun


def report(name: str) -> None:
    """Store a heartbeat of the process ``name`` with the current time.

    A database error is logged and not raised.
    """
    try:
        record_heartbeat(name, at=timezone.now())
    except DatabaseError as error:
        logger.warning("The heartbeat of %s was not stored: %s", name, error)


class HeartbeatThread(threading.Thread):
    """Thread that reports a heartbeat every 30 seconds until ``stop`` is called.

    It is a separate thread because the main thread of a worker may block while it waits
    for the broker.
    """

    def __init__(self, name: str):
        super().__init__(name=f"heartbeat-{name}", daemon=True)
        self._process_name = name
        self._stopped = threading.Event()

    def run(self) -> None:
        while True:
            report(self._process_name)
            # The process may fork, and a child must not inherit an open connection.
            connection.close()
            if self._stopped.wait(INTERVAL_SECONDS):
                return

    def stop(self) -> None:
        self._stopped.set()
