"""A sheet as it was read, and how much of one is taken in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

# A file of this size holds more than anyone types; what is larger is refused unread.
MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
# What programs write instead of a character that they cannot.
LOST_CHARACTER = "\ufffd"
# So many ranges are named in a sentence.
_MAX_RANGES = 20


class Unreadable(ValueError):
    """The file cannot be taken in; the message tells the clerk why, and what to do."""


@dataclass(frozen=True)
class BrokenCell:
    """A cell that shows no value of its own: a formula that failed or never ran."""

    row: int
    column: int
    value: str
    remedy: str


@dataclass
class Sheet:
    """Cells as text. ``rows`` are (row number in the file, cells) without empty rows;
    rows have cells as far as they are filled.

    ``decisions`` are sentences on how the file was read (code page, sheet).
    ``warnings`` are (row numbers, sentence) for rows that may not be meant, such as
    hidden ones.
    """

    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    broken: list[BrokenCell] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    warnings: list[tuple[list[int], str]] = field(default_factory=list)


def number_ranges(
    numbers: Iterable[int], label: Callable[[int], str] = str, limit: int = _MAX_RANGES
) -> str:
    """Numbers in ascending order as short ranges: ``4–7, 12``.

    ``label`` says how a number is written. More than ``limit`` ranges end in ``…``.
    """
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [
        label(first) if first == last else f"{label(first)}–{label(last)}"
        for first, last in ranges[:limit]
    ]
    return ", ".join([*shown, "…"] if len(ranges) > limit else shown)
