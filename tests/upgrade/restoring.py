"""Load the database of an earlier release, on SQLite or PostgreSQL, and upgrade it.

The dump is SQL of SQLite. SQLite runs it. For PostgreSQL its rows are copied into the
tables that the migrations listed in the dump make, with their primary keys. Then
``manage.py migrate`` runs as it does on a server: in a process of its own.
"""

import lzma
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg2.extras import execute_values

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def upgraded_database(dump: Path, folder: Path) -> Iterator[None]:
    """Let ``default`` be a database that was loaded from ``dump`` and migrated.

    ``folder`` is for files of the database. The database that was ``default`` before
    is so again afterwards.
    """
    statements = lzma.decompress(dump.read_bytes()).decode()
    is_sqlite = connections["default"].vendor == "sqlite"
    restored = _restored_on_sqlite if is_sqlite else _restored_on_postgresql
    with restored(statements, folder) as url:
        _migrate(url)
        # Other rows have its cached primary keys now.
        ContentType.objects.clear_cache()
        yield
    ContentType.objects.clear_cache()


@contextmanager
def _restored_on_sqlite(statements: str, folder: Path) -> Iterator[str]:
    path = folder / "restored.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(statements)
    with _default_is(str(path)):
        yield f"sqlite:///{path}"


@contextmanager
def _restored_on_postgresql(statements: str, folder: Path) -> Iterator[str]:
    server = connections["default"]
    # tests.run_with_backends drops what begins with the name of its run.
    name = f"{server.settings_dict['NAME']}_restored"
    with closing(sqlite3.connect(":memory:")) as source:
        source.executescript(statements)
        applied = set(source.execute("SELECT app, name FROM django_migrations"))
        # Copying tables takes a second, making them a quarter of a minute.
        has_tables = applied == set(MigrationRecorder(server).applied_migrations())
        try:
            _create_database(server, name, is_copy=has_tables)
            with _default_is(name):
                if not has_tables:
                    _create_tables(applied)
                _copy_rows(source)
                url = urlsplit(os.environ["TEST_DATABASE_URL"])
                yield url._replace(path=f"/{name}").geturl()
        finally:
            with server._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _create_database(server, name: str, *, is_copy: bool) -> None:
    """Create the database ``name``, empty or as a copy of that of the tests."""
    # A database that somebody is connected to cannot be copied.
    server.close()
    template = server.settings_dict["NAME"] if is_copy else "template1"
    with server._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@contextmanager
def _default_is(name: str) -> Iterator[None]:
    """Let ``connections["default"]`` lead to the database ``name``."""
    before = connections["default"]
    connection = type(before)({**before.settings_dict, "NAME": name}, "default")
    connections["default"] = connection
    try:
        yield
    finally:
        connection.close()
        connections["default"] = before


def _migrate(url: str) -> None:
    """Run ``manage.py migrate`` on the database at ``url``."""
    # With the settings of the tests, which replace DATABASE_URL, another database would
    # be migrated.
    settings = {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env={**os.environ, **settings, "DATABASE_URL": url, "REDIS_URL": ""},
        check=True,
    )


def _create_tables(applied: set[tuple[str, str]]) -> None:
    """Apply the migrations ``applied`` of the dump, by app and name."""
    executor = MigrationExecutor(connections["default"])
    nodes = executor.loader.graph.node_map
    known = applied & set(nodes)
    # What others need is applied with them.
    needed = {parent.key for key in known for parent in nodes[key].parents}
    executor.migrate(sorted(known - needed))


def _copy_rows(source: sqlite3.Connection) -> None:
    connection = connections["default"]
    types = _column_types(connection)
    # Foreign keys are checked at its end, so tables can come in any order.
    with transaction.atomic(), connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(table) for table in types)
        cursor.execute(f"TRUNCATE {names}")
        for table, columns in types.items():
            _copy_table(source, cursor, table, columns)
        _reset_sequences(cursor)


def _column_types(connection) -> dict[str, dict[str, str]]:
    """Table → column → type of the columns that are written to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND is_generated = 'NEVER'"
        )
        types: dict[str, dict[str, str]] = {}
        for table, column, kind in cursor.fetchall():
            types.setdefault(table, {})[column] = kind
    return types


def _copy_table(source, cursor, table: str, types: dict[str, str]) -> None:
    # table_info leaves generated columns out.
    column_rows = source.execute(f'PRAGMA table_info("{table}")')
    columns = [row[1] for row in column_rows]
    assert set(columns) == set(types), table
    names = ", ".join(f'"{column}"' for column in columns)
    kinds = [types[column] for column in columns]
    rows = [
        [_converted(value, kind) for value, kind in zip(row, kinds, strict=True)]
        for row in source.execute(f'SELECT {names} FROM "{table}"')  # noqa: S608
    ]
    insert = f'INSERT INTO "{table}" ({names}) VALUES %s'  # noqa: S608
    execute_values(cursor.cursor, insert, rows, page_size=1000)


def _converted(value, kind: str):
    """A value of SQLite as PostgreSQL reads it into a column of type ``kind``."""
    if value is None:
        return None
    if kind == "boolean":
        return bool(value)
    if kind == "timestamp with time zone":
        return f"{value}+00:00"
    return value


def _reset_sequences(cursor) -> None:
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND is_identity = 'YES'"
    )
    for table, column in cursor.fetchall():
        next_value = f'SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"'  # noqa: S608
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, %s), ({next_value}), false)",
            [f'"{table}"', column],
        )
