"""Circuit breaker for connections to servers such as the broker or Redis.

A server that accepts connections but does not answer is worse than one that refuses
them: without the breaker every request would wait for a timeout, often several times.
"""

import time
from collections.abc import Callable


class CircuitBreaker:
    """Circuit breaker that skips servers for some seconds after a failed connection.

    Servers are identified by their address (URL). The state is not shared between
    processes.
    """

    def __init__(
        self,
        *,
        reset_timeout_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ):
        """Set how long a server is skipped after a failure.

        The argument is a number of seconds. ``clock`` returns the time in seconds;
        tests replace it.
        """
        self._reset_timeout, self._clock = reset_timeout_seconds, clock
        self._last_failures: dict[str, float] = {}

    def record_failure(self, address: str) -> None:
        """Record that the server at ``address`` has just failed to answer."""
        self._last_failures[address] = self._clock()

    def is_open(self, address: str) -> bool:
        """Return whether connections to the server at ``address`` should be skipped."""
        last_failure = self._last_failures.get(address)
        # If the clock was set back (tests do that), the breaker must close again:
        # otherwise the server would be skipped until the clock catches up.
        return (
            last_failure is not None
            and 0 <= self._clock() - last_failure < self._reset_timeout
        )
