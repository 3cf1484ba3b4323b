"""Pytest plugin: build the migrated test database once and copy it for each process.

It also has ``rows_of_module``, for rows that the tests of a module only read, and makes
emptying the tables of PostgreSQL cheap.

Running all migrations takes about 20 s of CPU time, a copy a few milliseconds. The
first process that needs the database runs the migrations and saves a prepared copy; the
others wait for it. On SQLite the copy is a file in pytest's cache folder and serves
later runs too; on PostgreSQL it is a template database that ends with the run.

The copy is named after a digest of the migrations and of the project's modules that
they import. ``migrate`` also runs on every copy, in 0.3 s, because content types,
permissions and roles depend on other code. ``--create-db`` builds the copy again.
"""

import ast
import fcntl
import hashlib
import importlib.util
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest

KEPT_COPIES = 4


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    if config.getoption("create_db") and not is_worker:
        for path in _cache_folder(config).glob("*.sqlite3"):
            path.unlink(missing_ok=True)


class PreparedSQLite:
    """A migrated in-memory database saved to a file."""

    def __init__(self, connection, path: Path):
        self._creation = connection.creation
        self._connection = connection
        self._path = path
        self._copy: sqlite3.Connection | None = None

    def exists(self) -> bool:
        return self._path.exists()

    def use(self) -> None:
        """Fill the in-memory database that Django is about to open."""
        self._path.touch()
        # The memory is freed when its last connection closes; Django opens its own.
        self._copy = sqlite3.connect(self._creation._get_test_db_name(), uri=True)
        with closing(sqlite3.connect(self._path)) as prepared:
            prepared.backup(self._copy)

    def finish(self) -> None:
        if self._copy:
            self._copy.close()

    def save(self) -> None:
        part = self._path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as prepared:
            self._connection.connection.backup(prepared)
        part.replace(self._path)
        copies = sorted(
            self._path.parent.glob("*.sqlite3"), key=lambda path: -path.stat().st_mtime
        )
        for old in copies[KEPT_COPIES:]:
            old.unlink(missing_ok=True)


class PreparedPostgreSQL:
    """A migrated database of the run that serves as template for the others.

    tests/run_with_backends.py drops every database whose name begins with that of
    the run.
    """

    def __init__(self, connection, name: str):
        self._connection = connection
        self._name = name

    def exists(self) -> bool:
        with self._connection._nodb_cursor() as cursor:
            return self._connection.creation._database_exists(cursor, self._name)

    def use(self) -> None:
        self._connection.settings_dict["TEST"]["TEMPLATE"] = self._name

    def finish(self) -> None:
        """Do nothing: the template has no open connection."""

    def save(self) -> None:
        # PostgreSQL copies only a database without connections.
        self._connection.close()
        quote = self._connection.ops.quote_name
        source = self._connection.settings_dict["NAME"]
        with self._connection._nodb_cursor() as cursor:
            cursor.execute(
                f"CREATE DATABASE {quote(self._name)} TEMPLATE {quote(source)}"
            )


@pytest.fixture(scope="session")
def prepared_database(
    request: pytest.FixtureRequest, django_db_blocker
) -> Iterator["Preparation"]:
    from django.db import connection

    path = prepared_file(request.config)
    with path.with_name("lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor == "sqlite":
            copy = PreparedSQLite(connection, path)
        else:
            run = os.environ["TEST_DATABASE_NAME"]
            copy = PreparedPostgreSQL(connection, f"{run}_prepared")
        preparation = Preparation(copy, lock)
        preparation.begin()
        yield preparation


class Preparation:
    """The prepared copy, and the lock that is held while this process builds it."""

    def __init__(self, copy: PreparedSQLite | PreparedPostgreSQL, lock: IO[str]):
        self._copy = copy
        self._lock = lock
        self._is_building = False

    def begin(self) -> None:
        if self._copy.exists():
            self._copy.use()
            self._release()
        else:
            self._is_building = True

    def end(self) -> None:
        from django.db import connection

        if self._is_building:
            # If no test of the run declares its use, Django does not migrate it.
            if "django_migrations" in connection.introspection.table_names():
                self._copy.save()
            self._release()
        self._copy.finish()

    def _release(self) -> None:
        fcntl.flock(self._lock, fcntl.LOCK_UN)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, prepared_database: Preparation
) -> None:
    """Let Django create the test database from the prepared copy, if there is one."""


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker, prepared_database: Preparation
) -> None:
    """Save the prepared copy if this process has just run the migrations."""
    with django_db_blocker.unblock():
        prepared_database.end()


@pytest.fixture(autouse=True, scope="session")
def flush_by_deletion() -> Iterator[None]:
    """Empty tables by DELETE after a test that commits, on PostgreSQL.

    Django truncates all tables, about 150, which takes seconds for a few rows.
    """
    from django.db import connection

    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr(type(connection.ops), "sql_flush", delete_all_rows)
        yield


def delete_all_rows(operations, style, tables: list[str], **options) -> list[str]:
    """Return SQL that deletes the rows of ``tables``, as Django's ``sql_flush``.

    Foreign keys are checked at the end of the transaction in which Django executes it.
    """
    names = [operations.quote_name(table) for table in tables]
    has_rows = " UNION ALL ".join(
        f"SELECT {position} WHERE EXISTS (SELECT FROM {name})"  # noqa: S608 - a table
        for position, name in enumerate(names)
    )
    with operations.connection.cursor() as cursor:
        cursor.execute(has_rows)
        filled = [names[position] for (position,) in cursor.fetchall()]
    return [f"DELETE FROM {name}" for name in filled]  # noqa: S608 - a table


@pytest.fixture(scope="module")
def rows_of_module(django_db_setup, django_db_blocker) -> Callable:
    """A context manager: the rows that a function creates last for one module.

    It returns what the function returns. Each test runs in a transaction of its own
    inside the one of the module, so that what a test changes is undone.
    """
    from django.db import transaction
    from django.utils import translation

    @contextmanager
    def rows(create: Callable[[], object]) -> Iterator[object]:
        with django_db_blocker.unblock():
            outer = transaction.atomic()
            outer.__enter__()
        try:
            with django_db_blocker.unblock(), translation.override("en"):
                created = create()
            yield created
        finally:
            with django_db_blocker.unblock():
                transaction.set_rollback(True)
                outer.__exit__(None, None, None)

    return rows


def prepared_file(config: pytest.Config) -> Path:
    """Return where the prepared SQLite database is, if it has been built."""
    return _cache_folder(config) / f"{migrations_digest()}.sqlite3"


def _cache_folder(config: pytest.Config) -> Path:
    if hasattr(config, "cache"):
        return config.cache.mkdir("databases")
    folder = Path(tempfile.gettempdir()) / "portal-tests-databases"
    folder.mkdir(exist_ok=True)
    return folder


def migrations_digest() -> str:
    """Return a digest of all that decides what the migrations do."""
    import django
    from django.apps import apps

    digest = hashlib.sha256(f"{sys.version} {django.__version__}".encode())
    migrations = [
        path
        for config in apps.get_app_configs()
        for path in sorted(Path(config.path).glob("migrations/*.py"))
    ]
    for path in [*migrations, *_imported_by(migrations)]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _imported_by(paths: Iterable[Path]) -> list[Path]:
    """Files of the project's modules that the migrations import."""
    root = Path(__file__).resolve().parents[1]
    files = set()
    for path in paths:
        if root not in path.parents or ".venv" in path.parts:
            continue
        for module in _imported_modules(path):
            spec = _find_spec(module)
            if spec and spec.origin and root in Path(spec.origin).parents:
                files.add(Path(spec.origin))
    return sorted(file for file in files if ".venv" not in file.parts)


def _imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _find_spec(module: str):
    try:
        return importlib.util.find_spec(module)
    except (ImportError, ValueError):  # the last part names a class or function
        return None
