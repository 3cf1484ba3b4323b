"""Database errors that mean "not available", and the time limit of web requests."""

import logging

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.db.utils import Error

from portal.postgresql.waiting import limit_waiting

_GRACE_SECONDS = 3
# SQLSTATE classes and codes of PostgreSQL. Other classes of OperationalError, such as
# deadlocks (40) and exceeded program limits (54), are faults of one request.
_UNAVAILABLE_CLASSES = ("08", "53", "57", "58")
# The server is a standby, or its administrator made it read-only.
_READ_ONLY = "25006"
# Primary result codes of SQLite: PERM, BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN,
# PROTOCOL and NOTADB.
_UNAVAILABLE_IN_SQLITE = frozenset((3, 5, 6, 8, 10, 13, 14, 15, 26))


def find_unavailability(error: BaseException | None) -> Error | None:
    """Return the error in the chain of ``error`` that says the database is unavailable.

    None if there is none. Unavailable means: it refuses or ends connections, does not
    answer in time, is starting or stopping, is read-only, locked or out of resources.
    Errors in a statement or in its values are programming errors, not unavailability.
    """
    while error is not None:
        if isinstance(error, Error) and _is_unavailable(error):
            return error
        is_explicit = error.__cause__ is not None or error.__suppress_context__
        error = error.__cause__ if is_explicit else error.__context__
    return None


def _is_unavailable(error: Error) -> bool:
    # Django raises its own class from the driver's, which has the code.
    driver_error = error.__cause__
    sqlite_code = getattr(driver_error, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return _is_unavailable_in_sqlite(error, sqlite_code)
    sqlstate = getattr(driver_error, "pgcode", None)
    if sqlstate:
        return sqlstate == _READ_ONLY or sqlstate[:2] in _UNAVAILABLE_CLASSES
    if isinstance(error, InterfaceError):
        # Any other error of this class is a fault in using the driver.
        return "closed" in str(error) and "connection" in str(error)
    return isinstance(error, OperationalError)


def _is_unavailable_in_sqlite(error: Error, code: int) -> bool:
    if code & 0xFF in _UNAVAILABLE_IN_SQLITE:
        return True
    # SQLite creates a file that is missing.
    return str(error).startswith("no such table") and _has_no_tables()


def _has_no_tables() -> bool:
    connection = connections["default"]
    try:
        return not connection.introspection.table_names()
    except DatabaseError:
        return False


def describe(error: Error) -> str:
    """Describe an error in one line without the values of its statement."""
    sqlstate = getattr(error.__cause__, "pgcode", None)
    # Later lines may quote the statement.
    message = str(error).strip().partition("\n")[0]
    name = type(error).__name__
    return f"{name} {sqlstate}: {message}" if sqlstate else f"{name}: {message}"


def limit_statements() -> None:
    """Limit the time of each statement in this process, which serves web requests.

    Called by the entry points of web servers only: ``migrate``, other commands and
    Celery have no limit. The limit is a start-up option of the connection, so it lasts
    as long as a persistent connection does and survives ``RESET ALL``. An option in
    DATABASE_URL comes later and therefore wins.

    The process itself waits 3 seconds longer than the server should need, because a
    server that has stopped applies no limit.
    """
    seconds = settings.DATABASE_STATEMENT_TIMEOUT
    for connection in connections.all():
        if connection.vendor != "postgresql":
            continue
        # All threads share these settings.
        options = connection.settings_dict["OPTIONS"]
        limit = f"-c statement_timeout={seconds}s"
        own = options.get("options", "").removeprefix(limit)
        is_limited = bool(seconds) and "statement_timeout" not in own
        limit_waiting(seconds + _GRACE_SECONDS if is_limited else None)
        if seconds:
            options["options"] = f"{limit} {own}".strip()
        connection.close()


class UnavailabilityFilter(logging.Filter):
    """Drops records of an unavailable database, which have a traceback each.

    portal.views.unavailable logs one line for each request instead.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return find_unavailability(error) is None
