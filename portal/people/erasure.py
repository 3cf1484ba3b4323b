"""Who else has something to forget when a person is erased; apps register themselves.

Only they know what their rows tell of somebody beside the name.
"""

from collections.abc import Callable

_forgetting: list[Callable] = []


def register(forget: Callable) -> None:
    """Have ``forget(person, *, by, at, reason)`` called when a person is erased, in the
    same transaction: it empties what is personal in its app's rows about them, and
    writes into the history that it did."""
    if forget not in _forgetting:
        _forgetting.append(forget)


def forgetting() -> list[Callable]:
    """Everyone who has something to forget, in the order of their registration."""
    return list(_forgetting)
