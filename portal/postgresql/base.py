"""Django's PostgreSQL back end with a circuit breaker for servers that hang.

Without it each request of an outage would wait for the connect timeout, and few
requests would take all web processes.
"""

import time

from django.db.backends.postgresql import base

from portal.jobs.absence import Absence
from portal.postgresql.waiting import short_wait

# For the health check of a connection that is used again.
_HEALTH_CHECK_SECONDS = 3
# A server that refuses connections at once needs no circuit breaker.
_SLOW_SECONDS = 1
_absence = Absence(seconds=5)


class DatabaseWrapper(base.DatabaseWrapper):
    """Fails at once for 5 seconds after a slow attempt to connect failed."""

    def get_new_connection(self, conn_params):
        server = _server(conn_params)
        if _absence.is_recent(server):
            message = f"connection to {server} timed out less than 5 seconds ago"
            raise self.Database.OperationalError(message)
        started = time.monotonic()
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            if time.monotonic() - started >= _SLOW_SECONDS:
                _absence.note(server)
            raise

    def is_usable(self):
        """Whether the server answers within 3 seconds (in web processes)."""
        started = time.monotonic()
        with short_wait(_HEALTH_CHECK_SECONDS):
            is_usable = super().is_usable()
        if not is_usable and time.monotonic() - started >= _SLOW_SECONDS:
            # To connect again would only wait for the same server once more.
            _absence.note(_server(self.get_connection_params()))
        return is_usable


def _server(conn_params) -> str:
    return f"{conn_params.get('host')}:{conn_params.get('port')}"
