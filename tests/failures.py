"""Walk a table inside one test and report every row that fails.

    with collect_failures() as failures:
        for route in PUBLIC:
            with failures.case(route):
                assert ...

The test fails at the end with the name and the message of each failed case.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import translation

MOST_SHOWN = 50


class Failures:
    """The failed cases of one test."""

    def __init__(self):
        self.cases = 0
        self.failed: list[str] = []

    @contextmanager
    def case(self, *name: object) -> Iterator[None]:
        """Record any exception of the block as a failure of the case ``name``."""
        self.cases += 1
        try:
            yield
        except (Exception, pytest.fail.Exception) as error:
            words = ", ".join(str(part)[:200] for part in name)
            self.failed.append(f"[{words}] {_place(error)}{_message(error)}")

    @contextmanager
    def isolated_case(self, *name: object) -> Iterator[None]:
        """As :meth:`case`, with an empty cache; its changes of data are undone."""
        cache.clear()
        with self.case(*name), translation.override("en"), _rolled_back():
            yield

    def check(self) -> None:
        """Fail the test if a case failed, or if the table was empty."""
        __tracebackhide__ = True
        if not self.cases:
            pytest.fail("no case was run", pytrace=False)
        if self.failed:
            left = len(self.failed) - MOST_SHOWN
            shown = [
                *self.failed[:MOST_SHOWN],
                *([f"… {left} more"] if left > 0 else []),
            ]
            total = f"{len(self.failed)} of {self.cases} cases failed:"
            pytest.fail("\n\n".join([total, *shown]), pytrace=False)


@contextmanager
def collect_failures() -> Iterator[Failures]:
    """Run the cases of the block, then fail with a list of those that failed.

    An exception outside of a case ends the test at once, as in any other test.
    """
    __tracebackhide__ = True
    failures = Failures()
    yield failures
    failures.check()


@contextmanager
def _rolled_back() -> Iterator[None]:
    """Undo every change to the database, also after a database error."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def _place(error: Exception) -> str:
    """The line of the test file where the case failed."""
    frames = traceback.extract_tb(error.__traceback__)
    in_tests = [frame for frame in frames if Path(frame.filename).name[:5] == "test_"]
    if not in_tests:
        return ""
    return f"{Path(in_tests[-1].filename).name}:{in_tests[-1].lineno}: "


def _message(error: Exception) -> str:
    words = str(error) or ""
    return (
        words
        if isinstance(error, AssertionError)
        else f"{type(error).__name__}: {words}"
    )
