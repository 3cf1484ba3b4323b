"""How long this process waits for an answer of PostgreSQL.

``statement_timeout`` is applied by the server, so it does not end the wait for a server
that has stopped while the connection stays open: a frozen machine, or a pooler whose
own server is away.
"""

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2 import OperationalError, extensions

# What libpq calls connect_timeout; it leaves the limit to a wait callback.
_CONNECT_SECONDS = 3
_own = threading.local()


def limit_waiting(statement_seconds: float | None) -> None:
    """End the wait for a connection after its connect_timeout and for each statement
    after ``statement_seconds`` (None: no limit), in this process from now on.

    A connection that was waited for too long is closed, and OperationalError raised.
    """

    def wait(connection) -> None:
        _wait(connection, _limit(connection, statement_seconds))

    extensions.set_wait_callback(wait)


@contextmanager
def short_wait(seconds: float) -> Iterator[None]:
    """Wait no longer than ``seconds`` for each statement of this thread.

    Without effect in a process that has not called :func:`limit_waiting`.
    """
    _own.seconds = seconds
    try:
        yield
    finally:
        _own.seconds = None


def _limit(connection, statement_seconds: float | None) -> float | None:
    if connection.status == extensions.STATUS_SETUP:
        parameters = extensions.parse_dsn(connection.dsn)
        # 0 means no limit, as in libpq.
        return float(parameters.get("connect_timeout", _CONNECT_SECONDS)) or None
    return getattr(_own, "seconds", None) or statement_seconds


def _wait(connection, seconds: float | None) -> None:
    started = time.monotonic()
    while (state := connection.poll()) != extensions.POLL_OK:
        poller = select.poll()
        # The socket may be another one after each address that was tried.
        is_read = state == extensions.POLL_READ
        poller.register(
            connection.fileno(), select.POLLIN if is_read else select.POLLOUT
        )
        if seconds is None:
            poller.poll()
            continue
        remaining = seconds - (time.monotonic() - started)
        if remaining <= 0 or not poller.poll(remaining * 1000):
            message = f"timeout expired: the server has not answered for {seconds:g} s"
            raise OperationalError(message)
