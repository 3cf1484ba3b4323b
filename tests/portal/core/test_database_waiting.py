"""How long a web process waits for a PostgreSQL server that does not respond."""

import contextlib
import socket
import threading
import time
from contextlib import closing

import psycopg2
import pytest
from django.db import OperationalError, connection
from psycopg2 import extensions

from portal.core.database import find_unavailability
from portal.core.jobs.circuit_breaker import CircuitBreaker
from portal.core.postgresql import base
from portal.core.postgresql.waiting import limit_waiting

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="needs PostgreSQL"
)


@pytest.fixture
def waiting(monkeypatch):
    """``limit_waiting``, undone at the end."""
    monkeypatch.setattr(base, "_breaker", CircuitBreaker(reset_timeout_seconds=5))
    yield limit_waiting
    extensions.set_wait_callback(None)


class Relay:
    """A TCP relay to PostgreSQL that can stop forwarding bytes."""

    def __init__(self, address: tuple[str, int]):
        self._address = address
        self.passes = threading.Event()
        self.passes.set()
        self.connections = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def _start(self, target, *args) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client_socket, _address = self._server.accept()
                self.connections += 1
                server_socket = socket.create_connection(self._address)
                self._start(self._pass_on, client_socket, server_socket)
                self._start(self._pass_on, server_socket, client_socket)

    def _pass_on(self, source, target) -> None:
        with closing(source), contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.passes.wait(60)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.passes.set()
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for thread in self._threads:
            thread.join(10)


@pytest.fixture
def relay():
    settings = connection.settings_dict
    host = settings["HOST"] or "127.0.0.1"
    server = Relay((host, int(settings["PORT"] or 5432)))
    yield server
    server.close()


def through(relay) -> base.DatabaseWrapper:
    other_connection = connection.copy()
    other_connection.settings_dict = {
        **connection.settings_dict,
        "HOST": "127.0.0.1",
        "PORT": relay.port,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
    return other_connection


def test_connect_timeout_is_applied(waiting, hanging):
    waiting(None)
    host, port = hanging.address.split(":")
    started = time.monotonic()

    with pytest.raises(psycopg2.OperationalError, match="timeout expired"):
        psycopg2.connect(host=host, port=port, dbname="x", connect_timeout=1)

    assert time.monotonic() - started < 10


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_statement_without_an_answer_ends_and_its_connection_is_replaced(waiting):
    waiting(0.5)
    other_connection = connection.copy()
    with closing(other_connection), other_connection.cursor() as cursor:
        pid = other_connection.connection.get_backend_pid()
        with pytest.raises(OperationalError) as raised:
            cursor.execute("SELECT pg_sleep(60)")
        other_connection.close_if_unusable_or_obsolete()
        with other_connection.cursor() as second:
            second.execute("SELECT 2")
            row = second.fetchone()
            # The server notices the closed connection only when it sends, so end it
            # here.
            second.execute("SELECT pg_terminate_backend(%s)", [pid])

    assert find_unavailability(raised.value) is raised.value
    assert row == (2,)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_stopped_server_is_waited_for_once(waiting, relay, monkeypatch):
    waiting(None)
    monkeypatch.setattr(base, "_HEALTH_CHECK_SECONDS", 1.2)
    other_connection = through(relay)
    with closing(other_connection):
        other_connection.ensure_connection()
        # As at the start of a request: the connection is checked before its next use.
        other_connection.close_if_unusable_or_obsolete()
        relay.passes.clear()
        with (
            pytest.raises(OperationalError) as raised,
            other_connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1")
        count = relay.connections
        relay.passes.set()
        monkeypatch.setattr(base, "_breaker", CircuitBreaker(reset_timeout_seconds=5))
        with other_connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    assert find_unavailability(raised.value) is raised.value
    # The health check failed, and nothing connected to the same server again.
    assert count == 1
