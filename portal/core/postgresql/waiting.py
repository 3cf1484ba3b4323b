"""Time limits of this process for connections and statements of PostgreSQL.

``statement_timeout`` is applied by the server, so it does not end the wait for a server
that hangs while the connection stays open: a frozen machine, or a connection pooler
whose database server is down.
"""

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2 import OperationalError, extensions

# Default for connect_timeout, which libpq does not apply if there is a wait callback.
_CONNECT_SECONDS = 3
_thread_limit = threading.local()


def limit_waiting(statement_seconds: float | None) -> None:
    """Limit the wait for connections and statements in this process from now on.

    Connecting is limited by the connection's connect_timeout, each statement by
    ``statement_seconds`` (None: no limit). After the limit the connection is closed and
    OperationalError is raised.
    """

    def wait(connection) -> None:
        _wait(connection, _limit(connection, statement_seconds))

    extensions.set_wait_callback(wait)


@contextmanager
def limit_statement_wait(seconds: float) -> Iterator[None]:
    """Limit the wait for each statement of this thread to ``seconds``.

    Has no effect in a process that has not called :func:`limit_waiting`.
    """
    _thread_limit.seconds = seconds
    try:
        yield
    finally:
        _thread_limit.seconds = None


def _limit(connection, statement_seconds: float | None) -> float | None:
    """Return the limit in seconds for the connection's current operation, or None."""
    if connection.status == extensions.STATUS_SETUP:
        parameters = extensions.parse_dsn(connection.dsn)
        # 0 means no limit, as in libpq.
        return float(parameters.get("connect_timeout", _CONNECT_SECONDS)) or None
    return getattr(_thread_limit, "seconds", None) or statement_seconds


def _wait(connection, seconds: float | None) -> None:
    started = time.monotonic()
    while (state := connection.poll()) != extensions.POLL_OK:
        poller = select.poll()
        # libpq opens another socket for each address of the host that it tries.
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
