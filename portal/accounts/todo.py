"""What waits for a person: apps register boxes, the desk's start page shows them.

A box is registered where its rows are known (an app's ``admin.py``, or the roof for
what concerns every kind); the start page knows none by name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Nobody counts further; a box that finds one more says "more than 100".
MOST = 100


@dataclass(frozen=True)
class Task:
    """One thing to do: what it is called, where it is done, a word about it."""

    name: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Box:
    """Things of one sort that wait for a person.

    ``find(user, at, limit)`` gives at most ``limit`` tasks, the most urgent first, of
    what this user may do and nothing else; [] where the box does not concern them.
    One query, the same number for any number of rows. ``link`` is the name of the
    address that lists them all, with ``query`` behind it; "" where there is none.
    """

    code: str
    title: str
    find: Callable[..., Sequence[Task]]
    link: str = ""
    query: str = ""


_boxes: dict[str, Box] = {}


def register(box: Box) -> None:
    """Have ``box`` shown on start pages; a code that is known is replaced."""
    _boxes[box.code] = box


def boxes() -> list[Box]:
    """All boxes, in the order in which they were registered."""
    return list(_boxes.values())
