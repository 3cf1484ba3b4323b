"""Bars as shapes: what an SVG needs to be drawn, in units of its own view box."""

from dataclasses import dataclass
from itertools import pairwise

from portal.figures.cells import Cell
from portal.translations.shown import Shown

# The narrowest page leaves this many CSS pixels beside its margins.
WIDTH = 288
_COLUMNS_HEIGHT, _TOP, _BOTTOM = 132, 20, 112
# A lying bar has its words above it: names are long in some languages, and deep in
# Burmese and Khmer.
_ROW, _BAR, _BELOW_WORDS, _VALUES = 44, 9, 25, 44


@dataclass(frozen=True)
class Bar:
    """A bar, the words beside it and where they stand."""

    x: float
    y: float
    width: float
    height: float
    label: Shown | str
    value: int

    @property
    def above(self) -> float:
        """The line on which words above it stand."""
        return self.y - 10

    @property
    def middle(self) -> float:
        """The line on which a number behind a lying bar stands."""
        return self.y + self.height

    @property
    def end(self) -> float:
        """Where that number begins."""
        return self.x + self.width + 6


@dataclass(frozen=True)
class Chart:
    """Bars of one fact, the highest among them, and how high the picture is."""

    code: str
    label: str
    bars: list[Bar]
    height: int
    width: int = WIDTH

    @property
    def highest(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.value)

    @property
    def highest_x(self) -> float:
        """The middle of the highest standing bar, or the edge that it is close to."""
        anchors = {"start": 0, "end": self.width}
        middle = self.highest.x + self.highest.width / 2
        return anchors.get(self.highest_anchor, middle)

    @property
    def highest_anchor(self) -> str:
        """How its number is set there, so that none of it is cut off."""
        if self.highest.x < _VALUES / 2:
            return "start"
        return "end" if self.highest.x > self.width - _VALUES / 2 else "middle"


def columns(code: str, label: str, cells: dict[int, Cell], years: dict) -> Chart:
    """A standing bar for each year; years without a record are gaps.

    ``years`` are the words for every year from the first to the last.
    """
    highest = max(cell.value for cell in cells.values()) or 1
    edges = [WIDTH * place / len(years) for place in range(len(years) + 1)]
    bars = []
    for year, (left, right) in zip(years, pairwise(edges), strict=True):
        value = cells[year].value if year in cells else 0
        height = (_BOTTOM - _TOP) * value / highest
        gap = min(3, (right - left) / 4)
        shape = (left + gap / 2, _BOTTOM - height, right - left - gap, height)
        bars.append(Bar(*_rounded(shape), years[year], value))
    return Chart(code, label, bars, _COLUMNS_HEIGHT)


def rows(code: str, label: str, cells: dict[str, Cell], names: dict) -> Chart:
    """A lying bar for each key that has a number, in the order of ``cells``."""
    shown = {key: cell.value for key, cell in cells.items() if cell.value}
    highest = max(shown.values())
    longest = WIDTH - _VALUES
    bars = [
        Bar(
            *_rounded(
                (0, place * _ROW + _BELOW_WORDS, longest * value / highest, _BAR),
            ),
            names[key],
            value,
        )
        for place, (key, value) in enumerate(shown.items())
    ]
    return Chart(code, label, bars, len(bars) * _ROW)


def _rounded(shape: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(round(number, 1) for number in shape)
