"""Databases filled with samples, created for a benchmark run and removed after it."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from tests.run_with_backends import drop_databases, find_database

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Filled:
    """A database with ``records`` samples; ``environment`` makes the portal use it."""

    engine: str
    records: int
    environment: dict[str, str]
    seconds: float


class Makers:
    """Creates databases, which are removed when ``stack`` closes."""

    def __init__(self, stack: ExitStack, engines: list[str]):
        self.folder = stack.enter_context(tempfile.TemporaryDirectory("-portal-bench"))
        self.run = f"portal_bench_{os.getpid()}"
        self.url = find_database(stack) if "postgresql" in engines else ""
        if self.url:
            stack.callback(drop_databases, self.url, self.run)
        manage(self.environment("sqlite://:memory:"), "collectstatic", "--noinput")

    def empty(self, engine: str, name: str) -> str:
        """Create a database without tables and return its URL."""
        return self._new(engine, name)

    def filled(self, engine: str, records: int, seed: int) -> Filled:
        environment = self.environment(self._new(engine, str(records)))
        manage(environment, "migrate")
        manage(environment, "load_record")
        started = time.perf_counter()
        arguments = ["--records", str(records), "--seed", str(seed)]
        manage(environment, "load_sample", *arguments)
        seconds = time.perf_counter() - started
        if engine == "postgresql":
            self._tidy(environment["DATABASE_URL"])
        return Filled(engine, records, environment, seconds)

    def environment(self, database_url: str) -> dict[str, str]:
        inherited = {
            k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")
        }
        return {
            **inherited,
            "PORTAL_MODE": "local",
            "PORTAL_VAR": self.folder,
            "DATABASE_URL": database_url,
            "API_RATE": "1000000/min",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }

    def _new(self, engine: str, name: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{self.folder}/{name}.sqlite3"
        name = f"{self.run}_{name}"
        with closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
            connection.cursor().execute(create)
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def _tidy(self, url: str) -> None:
        """Run the maintenance that autovacuum does within minutes of such a load."""
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            connection.cursor().execute("VACUUM ANALYZE")


def manage(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    quiet = subprocess.DEVNULL if arguments[0] != "load_sample" else None
    subprocess.run(command, cwd=ROOT, env=environment, stdout=quiet, check=True)
