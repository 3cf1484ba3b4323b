"""Heartbeats of the background processes, and which of them are late."""

import datetime as dt
import logging
import threading
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from portal.jobs.models import Heartbeat, Job
from portal.jobs.operations import record_heartbeat

WORKER = "worker"
# Celery beat, or publish_due called by cron.
BEAT = "beat"
INTERVAL_SECONDS = 30
LATE_AFTER = dt.timedelta(minutes=3)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LateProcess:
    """A background process that is expected to run and has not reported.

    ``since`` is the time of its last report, None if it never reported.
    """

    name: str
    since: dt.datetime | None


def late_processes(at: dt.datetime) -> list[LateProcess]:
    """Return the expected processes whose last report is more than 3 minutes old.

    A worker is expected unless jobs run in the process that writes them; one that never
    reported is late once a job has waited for 3 minutes, because cron can run all jobs.
    Beat (or cron) is expected in production.
    """
    expected = _expected_processes()
    if not expected:
        return []
    last = dict(Heartbeat.objects.values_list("name", "at"))
    oldest = at - LATE_AFTER
    return [
        LateProcess(name, last.get(name))
        for name in expected
        if _is_late(name, last.get(name), oldest)
    ]


def _expected_processes() -> list[str]:
    worker = [] if settings.JOBS_EAGER else [WORKER]
    return [*worker, BEAT] if settings.PORTAL_MODE == "production" else worker


def _is_late(name: str, last: dt.datetime | None, oldest: dt.datetime) -> bool:
    if last is None:
        return name != WORKER or Job.objects.due(oldest).exists()
    return last < oldest


def report(name: str) -> None:
    """Record a heartbeat of this process now; a database error is only logged."""
    try:
        record_heartbeat(name, at=timezone.now())
    except DatabaseError as error:
        logger.warning("The heartbeat of %s was not stored: %s", name, error)


class HeartbeatThread(threading.Thread):
    """Reports every 30 seconds until it is stopped, whatever the broker does."""

    def __init__(self, name: str):
        super().__init__(name=f"heartbeat-{name}", daemon=True)
        self._process_name = name
        self._stopped = threading.Event()

    def run(self) -> None:
        while True:
            report(self._process_name)
            # The process may fork: no child inherits an open connection.
            connection.close()
            if self._stopped.wait(INTERVAL_SECONDS):
                return

    def stop(self) -> None:
        self._stopped.set()
