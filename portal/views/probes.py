"""Checks of other servers, each in a thread that is not waited for longer than a time.

A host name that does not resolve or a server that hangs can block a thread for longer
than any time limit of its client.
"""

import threading
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.jobs.heartbeats import LateProcess, late_processes


class ProbeTimeoutError(Exception):
    """The check is still running."""


class _Run:
    """One call of a check in a thread of its own."""

    def __init__(self, check: Callable[[], object]):
        self._check = check
        self._result: object = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._call, daemon=True)
        self._thread.start()

    def _call(self) -> None:
        try:
            self._result = self._check()
        except Exception as error:
            self._error = error
        finally:
            connection.close()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def result(self, timeout: float):
        """Return what the check returned or raise what it raised."""
        self._thread.join(timeout)
        if self.is_running:
            raise ProbeTimeoutError
        if self._error is not None:
            raise self._error
        return self._result


class Probe:
    """A check that runs at most once at a time in this process.

    A call during a run gets the result of that run: a server that hangs never holds
    more than one thread.
    """

    def __init__(self, check: Callable[[], object]):
        self._check = check
        self._lock = threading.Lock()
        self._run: _Run | None = None

    def start(self) -> _Run:
        """Return the run that is going on, or a new one."""
        with self._lock:
            if self._run is None or not self._run.is_running:
                self._run = _Run(self._check)
            return self._run


class NotMigratedError(Exception):
    """The database lacks migrations of this release."""


_is_migrated = False


def check_database() -> list[LateProcess]:
    """Return the late processes; raises NotMigratedError or a database error."""
    global _is_migrated
    if not _is_migrated:
        _check_migrations()
        _is_migrated = True
    return late_processes(timezone.now())


def _check_migrations() -> None:
    applied = MigrationRecorder(connection).applied_migrations()
    latest = MigrationLoader(None).graph.leaf_nodes()
    if not set(latest) <= set(applied):
        raise NotMigratedError


def check_redis() -> None:
    """Raise RedisError if Redis is used and does not answer."""
    if not settings.REDIS_URL:
        return
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=1,
        socket_timeout=1,
        retry=Retry(NoBackoff(), 0),
    )
    with client:
        client.ping()
