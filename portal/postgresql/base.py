"""Django's PostgreSQL back end with a circuit breaker for servers that hang.

Without it each request of an outage would wait for the connect timeout, and few
requests would take all web processes.
"""

import time

from django.db.backends.postgresql import base

from portal.jobs.absence import Absence

# A server that refuses connections at once needs no circuit breaker.
_SLOW_SECONDS = 1
_absence = Absence(seconds=5)


class DatabaseWrapper(base.DatabaseWrapper):
    """Fails at once for 5 seconds after a slow attempt to connect failed."""

    def get_new_connection(self, conn_params):
        server = f"{conn_params.get('host')}:{conn_params.get('port')}"
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
