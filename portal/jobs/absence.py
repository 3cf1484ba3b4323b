"""Servers that do not answer: who has just waited for one in vain does not wait again.

One that hangs is worse than one that is gone: each request would wait for it, several
times over.
"""

import time
from collections.abc import Callable


class Absence:
    """When servers last failed to answer, by their address, in this process."""

    def __init__(self, *, seconds: float, clock: Callable[[], float] = time.monotonic):
        """``seconds``: for so long after that they are not asked."""
        self._seconds, self._clock = seconds, clock
        self._last: dict[str, float] = {}

    def note(self, address: str) -> None:
        """``address`` has not answered now."""
        self._last[address] = self._clock()

    def is_recent(self, address: str) -> bool:
        """Whether ``address`` is left alone for now."""
        last = self._last.get(address)
        # A clock that was moved back, as tests do, must not leave it alone for ever.
        return last is not None and 0 <= self._clock() - last < self._seconds
