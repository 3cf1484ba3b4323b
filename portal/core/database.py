"""Detection of an unavailable database, and time limits for web requests."""

import logging

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.db.utils import Error

from portal.core.postgresql.waiting import limit_waiting

_GRACE_SECONDS = 3
# SQLSTATE classes of PostgreSQL. Other classes of OperationalError, such as deadlocks
# (40) and exceeded program limits (54), concern one request only.
_UNAVAILABLE_CLASSES = ("08", "53", "57", "58")
# SQLSTATE of a server that is a standby or was made read-only.
_READ_ONLY = "25006"
# Primary result codes of SQLite: PERM, BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN,
# PROTOCOL and NOTADB.
_UNAVAILABLE_IN_SQLITE = frozenset((3, 5, 6, 8, 10, 13, 14, 15, 26))


def find_unavailability(error: BaseException | None) -> Error | None:
    """Return the error in the chain of ``error`` that means "unavailable", or None.

    The database is unavailable if it refuses or ends connections, does not answer in
    time, is starting or stopping, is read-only, locked or out of resources. Errors in a
    statement or its values are programming errors and do not count.
    """
    while error is not None:
        if isinstance(error, Error) and _is_unavailable(error):
            return error
        is_explicit = error.__cause__ is not None or error.__suppress_context__
        error = error.__cause__ if is_explicit else error.__context__
    return None


def _is_unavailable(error: Error) -> bool:
    # Django's exception is raised from the driver's, which has the error code.
    driver_error = error.__cause__
    sqlite_code = getattr(driver_error, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return _is_unavailable_in_sqlite(error, sqlite_code)
    sqlstate = getattr(driver_error, "pgcode", None)
    if sqlstate:
        return sqlstate == _READ_ONLY or sqlstate[:2] in _UNAVAILABLE_CLASSES
    if isinstance(error, InterfaceError):
        # Other errors of this class are programming errors.
        return "closed" in str(error) and "connection" in str(error)
    return isinstance(error, OperationalError)


def _is_unavailable_in_sqlite(error: Error, code: int) -> bool:
    if code & 0xFF in _UNAVAILABLE_IN_SQLITE:
        return True
    # If the file is missing, SQLite creates an empty database.
    return str(error).startswith("no such table") and _has_no_tables()


def _has_no_tables() -> bool:
    connection = connections["default"]
    try:
        return not connection.introspection.table_names()
    except DatabaseError:
        return False


def describe(error: Error) -> str:
    """Return a one-line description of ``error`` without values of the statement."""
    sqlstate = getattr(error.__cause__, "pgcode", None)
    # Later lines may contain the statement.
    message = str(error).strip().partition("\n")[0]
    name = type(error).__name__
    return f"{name} {sqlstate}: {message}" if sqlstate else f"{name}: {message}"


def limit_statements() -> None:
    """Limit the time of each SQL statement in this process, which serves web requests.

    Called only by the entry points of web servers: management commands and Celery have
    no limit. The limit is a start-up option of the connection, so it lasts as long as a
    persistent connection and survives ``RESET ALL``. An option in DATABASE_URL comes
    later and therefore wins.

    The client waits 3 seconds longer than the server's limit, because a server that
    hangs does not apply its limit.
    """
    seconds = settings.DATABASE_STATEMENT_TIMEOUT
    for connection in connections.all():
        if connection.vendor != "postgresql":
            continue
        # All threads share this dictionary.
        options = connection.settings_dict["OPTIONS"]
        limit = f"-c statement_timeout={seconds}s"
        configured_options = options.get("options", "").removeprefix(limit)
        is_limited = bool(seconds) and "statement_timeout" not in configured_options
        limit_waiting(seconds + _GRACE_SECONDS if is_limited else None)
        if seconds:
            options["options"] = f"{limit} {configured_options}".strip()
        connection.close()


class UnavailabilityFilter(logging.Filter):
    """Logging filter that drops records of an unavailable database.

    Each of these records has a traceback. The view for an unavailable database logs one
    line per request instead.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return find_unavailability(error) is None
