"""Health probes of other servers, run in threads with a time limit.

A thread is needed because DNS resolution or a hanging server can block longer than any
timeout of the client library.
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

from portal.core.jobs.heartbeats import LateProcess, find_late_processes


class ProbeTimeoutError(Exception):
    """The check did not finish within the time limit; its thread is still running."""


class _Run:
    """One execution of a check in its own thread."""

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
        """Return True while the check has not finished."""
        return self._thread.is_alive()

    def result(self, timeout: float):
        """Return the result of the check or raise its exception.

        Wait at most ``timeout`` seconds, then raise ProbeTimeoutError.
        """
        self._thread.join(timeout)
        if self.is_running:
            raise ProbeTimeoutError
        if self._error is not None:
            raise self._error
        return self._result


class Probe:
    """A check of which at most one execution runs at a time in this process.

    A call during an execution shares it, so a hanging server never blocks more than one
    thread.
    """

    def __init__(self, check: Callable[[], object]):
        self._check = check
        self._lock = threading.Lock()
        self._run: _Run | None = None

    def start(self) -> _Run:
        """Return the running execution, or start a new one."""
        with self._lock:
            if self._run is None or not self._run.is_running:
                self._run = _Run(self._check)
            return self._run


class NotMigratedError(Exception):
    """The database lacks migrations of this release."""


_is_migrated = False


def check_database() -> list[LateProcess]:
    """Return the background processes that are late.

    Raise NotMigratedError if migrations are missing, or a database error. Migrations
    are checked until they are complete, then no more.
    """
    global _is_migrated
    if not _is_migrated:
        _check_migrations()
        _is_migrated = True
    return find_late_processes(timezone.now())


def _check_migrations() -> None:
    applied = MigrationRecorder(connection).applied_migrations()
    latest = MigrationLoader(None).graph.leaf_nodes()
    if not set(latest) <= set(applied):
        raise NotMigratedError


def check_redis() -> None:
    """Raise RedisError if Redis is configured and does not answer."""
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
