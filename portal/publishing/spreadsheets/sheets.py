"""A sheet as it was read, and how much of one is taken in."""

from dataclasses import dataclass, field

# A file of this size holds more than anyone types; what is larger is refused unread.
MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000


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
