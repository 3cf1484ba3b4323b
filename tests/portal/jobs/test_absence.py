"""A server that did not answer is left alone for a while, and then asked again."""

from portal.jobs.absence import Absence


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_absence_is_recent_for_some_seconds():
    clock = Clock()
    absence = Absence(seconds=5, clock=clock)
    assert not absence.is_recent("redis://one")

    absence.note("redis://one")

    assert absence.is_recent("redis://one")
    assert not absence.is_recent("redis://other")
    clock.now += 4.9
    assert absence.is_recent("redis://one")
    clock.now += 0.1
    assert not absence.is_recent("redis://one")
    clock.now -= 50
    assert not absence.is_recent("redis://one")
