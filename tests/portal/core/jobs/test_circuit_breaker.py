"""Circuit breaker: a server that did not answer is not tried again for some seconds."""

from portal.core.jobs.circuit_breaker import CircuitBreaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_circuit_breaker_stays_open_for_some_seconds():
    clock = Clock()
    absence = CircuitBreaker(reset_timeout_seconds=5, clock=clock)
    assert not absence.is_open("redis://one")

    absence.record_failure("redis://one")

    assert absence.is_open("redis://one")
    assert not absence.is_open("redis://other")
    clock.now += 4.9
    assert absence.is_open("redis://one")
    clock.now += 0.1
    assert not absence.is_open("redis://one")
    clock.now -= 50
    assert not absence.is_open("redis://one")
