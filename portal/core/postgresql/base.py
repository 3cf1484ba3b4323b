"""Django's PostgreSQL back end with a circuit breaker for servers that hang.

Without the circuit breaker each request during an outage would wait for the connect
timeout, and a few requests would occupy all web processes.
"""

import time

from django.db.backends.postgresql import base

from portal.core.jobs.circuit_breaker import CircuitBreaker
from portal.core.postgresql.waiting import limit_statement_wait

# Timeout of the health check of a persistent connection.
_HEALTH_CHECK_SECONDS = 3
# Servers that refuse connections faster than this need no circuit breaker.
_MIN_TIMEOUT_SECONDS = 1
_breaker = CircuitBreaker(reset_timeout_seconds=5)


class DatabaseWrapper(base.DatabaseWrapper):
    """Database connection that fails immediately for 5 seconds after a timeout.

    An attempt to connect, or a health check, that fails after a second or more counts
    as a timeout.
    """

    def get_new_connection(self, conn_params):
        server = _server(conn_params)
        if _breaker.is_open(server):
            message = f"connection to {server} timed out less than 5 seconds ago"
            raise self.Database.OperationalError(message)
        started = time.monotonic()
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            if time.monotonic() - started >= _MIN_TIMEOUT_SECONDS:
                _breaker.record_failure(server)
            raise

    def is_usable(self):
        """Return whether the server answers within 3 seconds (in web processes)."""
        started = time.monotonic()
        with limit_statement_wait(_HEALTH_CHECK_SECONDS):
            is_usable = super().is_usable()
        if not is_usable and time.monotonic() - started >= _MIN_TIMEOUT_SECONDS:
            # Django would connect again now and wait for the same server.
            _breaker.record_failure(_server(self.get_connection_params()))
        return is_usable


def _server(conn_params) -> str:
    return f"{conn_params.get('host')}:{conn_params.get('port')}"
