"""Sheet of a spreadsheet as text, and limits of its size."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

# Maximum file size in bytes; larger files are rejected without being read.
MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
# The replacement character, which programs write for characters they cannot encode.
LOST_CHARACTER = "\ufffd"
# Maximum number of ranges in a sentence.
_MAX_RANGES = 20


class NumberText(str):
    """Text that is known to be a number, such as a numeric cell of a workbook.

    It consists of ASCII digits with a point before decimals. The plain text ``1.000``
    is ambiguous instead, because it can also mean 1000.
    """


class UnreadableSpreadsheetError(ValueError):
    """Raised for a file that cannot be read.

    The message tells the user the reason and the remedy.
    """


@dataclass(frozen=True)
class BrokenCell:
    """Formula cell without a usable value: it failed or was never calculated."""

    row: int
    column: int
    value: str
    remedy: str


@dataclass
class Sheet:
    """Cells of a sheet as text.

    ``rows`` are (row number in the file, cells) without empty rows; each row ends at
    its last filled cell. ``broken_cells`` are formula cells without a value.
    ``decisions`` are sentences on how the file was read (code page, sheet).
    ``warnings`` are (row numbers, sentence) for rows that may not be intended, such as
    hidden rows.
    """

    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    broken_cells: list[BrokenCell] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    warnings: list[tuple[list[int], str]] = field(default_factory=list)


def number_ranges(
    numbers: Iterable[int], label: Callable[[int], str] = str, limit: int = _MAX_RANGES
) -> str:
    """Return numbers as ascending ranges, such as ``4–7, 12``.

    ``label`` formats a number. More than ``limit`` ranges are cut and end in ``…``.
    """
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    parts = [
        label(first) if first == last else f"{label(first)}–{label(last)}"
        for first, last in ranges[:limit]
    ]
    return ", ".join([*parts, "…"] if len(ranges) > limit else parts)
