"""Make the data of an upgrade test: a database of this release, and what opens it.

    python -m tests.upgrade.make_dump tests/upgrade/release_1_0

writes into that folder

* ``database.sql.xz``: a SQLite database as SQL. :mod:`tests.upgrade.restoring` loads it
  into SQLite and PostgreSQL.
* ``files.zip``: the CSV files of the record that were loaded (``record/``) and the
  stored files (``media/``).
* ``known.json``: what the database does not hold in plain text (the SECRET_KEY,
  passwords, codes, signed texts, links) or what is to be the same after an upgrade
  (permissions, addresses, names of jobs). Everything in it is invented for the test.

Run it only with the code of the release that the folder is named after, in a checkout
of the commit that added the folder: a dump made by later code proves nothing. It needs
no service and changes no database of the developer's. Two runs differ in random values
(salts, keys) only; the clock is fixed.

All people and the records that they wrote are invented samples.
"""

import datetime as dt
import json
import lzma
import os
import sqlite3
import sys
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

import time_machine

# The time of everything but the record, which was loaded two days before.
AT = dt.datetime(2026, 5, 6, 8, 0, 10, tzinfo=dt.UTC)
RECORD_LOADED_AT = AT - dt.timedelta(days=2)
PUBLISH_AT = AT + dt.timedelta(hours=1)
SECRET_KEY = "sample-key-of-the-upgrade-test-that-no-installation-has-ever-used"

# Tables of the search index that SQLite keeps by itself.
_INDEX = "catalogue_search_index"


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="portal-dump-") as var:
        _set_up_django(Path(var))
        from django.core.management import call_command
        from django.db import connection

        from tests.upgrade.sample_database import fill

        with time_machine.travel(RECORD_LOADED_AT, tick=False) as clock:
            # Digests of the catalogue depend on the texts of the interface.
            call_command("compile_catalogues", verbosity=0)
            call_command("migrate", verbosity=0)
            call_command("load_record")
            known = fill(clock, at=AT, publish_at=PUBLISH_AT)
        connection.close()
        folder.mkdir(parents=True, exist_ok=True)
        _write_database(Path(var) / "db.sqlite3", folder / "database.sql.xz")
        _write_files(Path(var) / "media", folder / "files.zip")
        known = {"secret_key": SECRET_KEY, "at": AT.isoformat(), **known}
        text = json.dumps(known, ensure_ascii=False, indent=2, sort_keys=True)
        (folder / "known.json").write_text(text + "\n", encoding="utf-8")
    for path in sorted(folder.iterdir()):
        print(f"{path.stat().st_size:>8} {path}")


def _set_up_django(var: Path) -> None:
    """Set Django up with the settings of production, as far as a test can use them."""
    import django

    for name in ("REDIS_URL", "MEDIA_ROOT", "SECRET_KEY_FALLBACKS", "EMAIL_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_MODE": "local",
        "PORTAL_VAR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'db.sqlite3'}",
        "SECRET_KEY": SECRET_KEY,
        "FOUR_EYES": "true",
        "SECOND_FACTOR_REQUIRED": "true",
        # Jobs wait until they are run on purpose.
        "JOBS_EAGER": "false",
        "LOG_LEVEL": "WARNING",
    }
    django.setup()


def _write_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as connection:
        statements = "\n".join(_statements(connection))
    target.write_bytes(lzma.compress(statements.encode(), preset=9))


def _statements(connection: sqlite3.Connection):
    """The database as SQL: tables with their rows, then indexes and triggers.

    ``Connection.iterdump`` of Python 3.11 cannot write full-text tables.
    """
    objects = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        " AND name NOT LIKE 'sqlite_%' ORDER BY type = 'trigger', type = 'index', name"
    ).fetchall()
    yield "BEGIN;"
    for kind, name, sql in objects:
        if kind == "table" and name.startswith(_INDEX):
            continue
        yield f"{sql};"
        if kind == "table":
            yield from _rows(connection, name)
    index = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [_INDEX])
    yield f"{index.fetchone()[0]};"
    yield f"INSERT INTO {_INDEX}({_INDEX}) VALUES ('rebuild');"  # noqa: S608
    yield "DELETE FROM sqlite_sequence;"
    yield from _rows(connection, "sqlite_sequence")
    yield "COMMIT;"


def _rows(connection: sqlite3.Connection, table: str):
    # table_info leaves generated columns out.
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    names = ", ".join(f'"{column}"' for column in columns)
    values = " || ', ' || ".join(f'quote("{column}")' for column in columns)
    query = f'SELECT {values} FROM "{table}" ORDER BY rowid'  # noqa: S608
    for (row,) in connection.execute(query):
        yield f'INSERT INTO "{table}" ({names}) VALUES ({row});'  # noqa: S608


def _write_files(media: Path, target: Path) -> None:
    from portal.management.commands.load_record import RECORD

    files = {f"record/{path.name}": path for path in sorted(RECORD.glob("*.csv"))}
    for path in sorted(media.rglob("*")):
        if path.is_file():
            files[f"media/{path.relative_to(media)}"] = path
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in files.items():
            # With the time that zip files begin at, to be the same in each run.
            archive.writestr(
                zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
