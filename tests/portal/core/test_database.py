"""Database errors that mean "unavailable", and the time limits of connections."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.db.utils import load_backend

from portal.core.database import describe, find_unavailability
from portal.settings import SQLITE_OPTIONS
from tests.project.source_tree import ROOT

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="needs PostgreSQL"
)


class DriverError(Exception):
    """An error with the attributes that psycopg2 or sqlite3 would set."""

    def __init__(self, **codes):
        super().__init__()
        self.__dict__.update(codes)


def error_of(kind, message="", **codes):
    error = kind(message)
    error.__cause__ = DriverError(**codes) if codes else None
    return error


UNAVAILABLE = [
    # Without a code: libpq could not connect, or lost the connection.
    error_of(OperationalError, "connection refused"),
    error_of(OperationalError, "timeout expired", pgcode=None),
    error_of(InterfaceError, "connection already closed", pgcode=None),
    error_of(OperationalError, pgcode="08006"),
    error_of(OperationalError, pgcode="53100"),  # disk full
    error_of(OperationalError, pgcode="53300"),  # too many connections
    error_of(OperationalError, pgcode="57014"),  # statement timeout
    error_of(OperationalError, pgcode="57P01"),  # terminated
    error_of(OperationalError, pgcode="57P03"),  # starting up
    error_of(OperationalError, pgcode="58030"),  # I/O error
    error_of(InternalError, pgcode="25006"),  # read-only
    error_of(OperationalError, "database is locked", sqlite_errorcode=5),
    error_of(OperationalError, "database table is locked", sqlite_errorcode=262),
    error_of(OperationalError, "readonly", sqlite_errorcode=1032),
    error_of(OperationalError, "database or disk is full", sqlite_errorcode=13),
    error_of(OperationalError, "unable to open", sqlite_errorcode=14),
    error_of(DatabaseError, "file is not a database", sqlite_errorcode=26),
]
FAULTS = [
    None,
    ValueError("connection"),
    DatabaseError("Save with update_fields did not affect any rows."),
    error_of(ProgrammingError, "relation does not exist", pgcode="42P01"),
    error_of(DataError, "out of range", pgcode="22003"),
    error_of(IntegrityError, "duplicate key", pgcode="23505"),
    error_of(OperationalError, "deadlock detected", pgcode="40P01"),
    error_of(OperationalError, "too many columns", pgcode="54011"),
    error_of(InternalError, "transaction is aborted", pgcode="25P02"),
    error_of(InterfaceError, "cursor already closed", pgcode=None),
    error_of(NotSupportedError, "not supported"),
    error_of(OperationalError, "near SELEC: syntax error", sqlite_errorcode=1),
    error_of(ProgrammingError, "Incorrect number of bindings"),
]


def test_find_unavailability_knows_faults_of_the_server_from_faults_of_the_code():
    missed = [error for error in UNAVAILABLE if find_unavailability(error) is not error]
    wrong = [error for error in FAULTS if find_unavailability(error) is not None]

    assert (missed, wrong) == ([], [])


def test_find_unavailability_looks_at_what_an_error_was_raised_from():
    cause = OperationalError("connection refused")
    explicit, implicit, hidden = ValueError("1"), ValueError("2"), ValueError("3")
    explicit.__cause__ = cause
    implicit.__context__ = cause
    hidden.__context__, hidden.__suppress_context__ = cause, True

    results = [find_unavailability(error) for error in (explicit, implicit, hidden)]

    assert results == [cause, cause, None]


def test_describe_leaves_out_the_statement():
    message = "canceling statement\nLINE 1: SELECT 'a secret value'\nCONTEXT: …"

    described = describe(error_of(OperationalError, message, pgcode="57014"))

    assert described == "OperationalError 57014: canceling statement"


# ------------------------------------------------------------- errors of real databases


def sqlite_error(path) -> DatabaseError:
    """Return the error that Django raises for a query of the SQLite file ``path``."""
    backend = load_backend("django.db.backends.sqlite3")
    wrapper = backend.DatabaseWrapper(
        {
            **connection.settings_dict,
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": {**SQLITE_OPTIONS, "timeout": 0},
        },
        "other",
    )
    with closing(wrapper), pytest.raises(DatabaseError) as raised:
        _update(wrapper)
    return raised.value


def _update(database) -> None:
    with database.cursor() as cursor:
        cursor.execute("UPDATE sample SET value = 1")


@pytest.mark.django_db
def test_unusable_sqlite_file_is_unavailable(tmp_path):
    locked, not_a_database = tmp_path / "whole.sqlite3", tmp_path / "foreign.sqlite3"
    not_a_database.write_text("This is no database. " * 100)
    with closing(sqlite3.connect(locked)) as writer:
        writer.execute("CREATE TABLE sample (value)")
        writer.commit()
        writer.execute("BEGIN EXCLUSIVE")
        errors = [
            sqlite_error(path)
            for path in (locked, not_a_database, tmp_path / "none" / "file")
        ]

    assert [find_unavailability(error) for error in errors] == errors


@pytest.mark.django_db
def test_missing_table_is_a_fault_unless_the_sqlite_file_is_new(tmp_path, monkeypatch):
    error = sqlite_error(tmp_path / "new.sqlite3")

    assert "no such table" in str(error)
    assert find_unavailability(error) is None
    names = type(connection.introspection)
    monkeypatch.setattr(names, "table_names", lambda self: [])
    assert find_unavailability(error) is error


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_terminated_postgresql_connection_is_unavailable():
    other_connection = connection.copy()
    other_connection.ensure_connection()
    errors = []
    with connection.cursor() as cursor:
        pid = other_connection.connection.get_backend_pid()
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    for _ in range(2):
        with pytest.raises((OperationalError, InterfaceError)) as raised:
            _update(other_connection)
        errors.append(raised.value)
    other_connection.close()

    # The second error is InterfaceError: the driver knows the connection is closed.
    assert [find_unavailability(error) for error in errors] == errors


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_postgresql_server_that_hangs_is_waited_for_once(hanging):
    host, port = hanging.address.split(":")
    other_connection = connection.copy()
    other_connection.settings_dict = {
        **connection.settings_dict,
        "HOST": host,
        "PORT": port,
        "OPTIONS": {"connect_timeout": 2},
    }
    errors = []
    for _ in range(2):
        with pytest.raises(OperationalError) as raised:
            other_connection.ensure_connection()
        errors.append(raised.value)

    assert [find_unavailability(error) for error in errors] == errors
    assert hanging.connections() == 1


# ------------------------------------------------------------------- settings

OPTIONS_OF = """
import json, os, sys
sys.argv = ["manage.py"]
os.environ["DATABASE_URL"] = {url!r}
import {module}
from django.db import connection
print(json.dumps(connection.settings_dict["OPTIONS"]))
"""


def run_python(code: str, **environment: str) -> str:
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    completed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            **path,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_MODE": "local",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    return completed.stdout.strip()


@cache
def options(module: str, query: str = "", **environment: str) -> dict:
    url = f"postgresql://portal@db.portal.example/portal{query}"
    return json.loads(run_python(OPTIONS_OF.format(url=url, module=module)))


@pytest.mark.slow
def test_connect_timeout_is_set_and_options_of_the_address_win():
    assert options("portal.celery")["connect_timeout"] == 3
    own = options(
        "portal.wsgi",
        "?connect_timeout=9&sslmode=require&options=-c%20statement_timeout%3D5s",
    )

    assert (own["connect_timeout"], own["sslmode"]) == (9, "require")
    # PostgreSQL uses the last of repeated options.
    assert own["options"] == "-c statement_timeout=20s -c statement_timeout=5s"


@pytest.mark.slow
def test_statements_are_limited_in_web_processes_only():
    """That ``portal.wsgi`` has the limit too is tested with options of the address."""
    assert options("portal.asgi")["options"] == "-c statement_timeout=20s"
    for module in ("portal.celery", "django.core.management"):
        assert "options" not in options(module), module


SETTINGS_QUERY = """
import {module}
import django; django.setup()
from django.db import connection
for _ in range(2):
    with connection.cursor() as cursor:
        cursor.execute("RESET ALL")
        cursor.execute("SHOW statement_timeout")
        print(cursor.fetchone()[0])
    connection.close()
"""
COMMAND = [sys.executable, "manage.py", "shell", "-v", "0", "-c"]
SHOW_IN_SHELL = """
from django.db import connection
cursor = connection.cursor()
cursor.execute("SHOW statement_timeout")
print(cursor.fetchone()[0])
"""


@needs_postgresql
@pytest.mark.django_db
def test_postgresql_applies_the_limit_to_web_processes_only(tmp_path):
    url = urlsplit(os.environ["TEST_DATABASE_URL"])
    own = url._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        "DATABASE_URL": urlunsplit(own),
        "DATABASE_STATEMENT_TIMEOUT": "7",
        "PORTAL_VAR": str(tmp_path),
    }

    web = run_python(SETTINGS_QUERY.format(module="portal.wsgi"), **environment)
    worker = run_python(SETTINGS_QUERY.format(module="portal.celery"), **environment)
    off = {**environment, "DATABASE_STATEMENT_TIMEOUT": "0"}
    unlimited = run_python(SETTINGS_QUERY.format(module="portal.wsgi"), **off)
    command = subprocess.run(
        [*COMMAND, SHOW_IN_SHELL],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", **environment},
        capture_output=True,
        text=True,
        check=True,
    )

    assert (web, worker, unlimited) == ("7s\n7s", "0\n0", "0\n0")
    assert command.stdout.strip() == "0"
