"""Geometry of bar charts for SVG templates, in units of the view box."""

from dataclasses import dataclass
from itertools import pairwise

from portal.content.figures.cells import Cell
from portal.core.translations.localized_text import LocalizedText

# Content width of the narrowest supported page, in CSS pixels.
WIDTH = 288
_COLUMN_CHART_HEIGHT, _TOP, _BOTTOM = 132, 20, 112
# Labels of horizontal bars are placed above the bar: names are long in some languages,
# and Burmese and Khmer letters reach far below the line.
_ROW_HEIGHT, _BAR_HEIGHT, _LABEL_HEIGHT, _VALUE_WIDTH = 44, 9, 25, 44


@dataclass(frozen=True)
class Bar:
    """A bar of a chart with its label, its value and its position."""

    x: float
    y: float
    width: float
    height: float
    label: LocalizedText | str
    value: int

    @property
    def label_y(self) -> float:
        """Y coordinate of the label's baseline above a horizontal bar."""
        return self.y - 10

    @property
    def value_y(self) -> float:
        """Y coordinate of the value's baseline next to a horizontal bar."""
        return self.y + self.height

    @property
    def value_x(self) -> float:
        """X coordinate where the value next to a horizontal bar begins."""
        return self.x + self.width + 6


@dataclass(frozen=True)
class Chart:
    """A bar chart of one indicator, with the size of the image."""

    code: str
    label: str
    bars: list[Bar]
    height: int
    width: int = WIDTH

    @property
    def highest(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.value)

    @property
    def highest_label_x(self) -> float:
        """Horizontal position of the label of the highest vertical bar.

        This is the middle of the bar, or the edge of the image if the bar is close to
        it.
        """
        anchors = {"start": 0, "end": self.width}
        middle = self.highest.x + self.highest.width / 2
        return anchors.get(self.highest_label_anchor, middle)

    @property
    def highest_label_anchor(self) -> str:
        """SVG ``text-anchor`` of the highest bar's label, so that it is not clipped."""
        if self.highest.x < _VALUE_WIDTH / 2:
            return "start"
        return "end" if self.highest.x > self.width - _VALUE_WIDTH / 2 else "middle"


def build_column_chart(
    code: str, label: str, cells: dict[int, Cell], years: dict
) -> Chart:
    """Build a chart with a vertical bar per year; years without records are gaps.

    ``years`` maps every year from the first to the last to its label.
    """
    highest = max(cell.value for cell in cells.values()) or 1
    edges = [WIDTH * index / len(years) for index in range(len(years) + 1)]
    bars = []
    for year, (left_edge, right_edge) in zip(years, pairwise(edges), strict=True):
        value = cells[year].value if year in cells else 0
        height = (_BOTTOM - _TOP) * value / highest
        gap = min(3, (right_edge - left_edge) / 4)
        shape = (
            left_edge + gap / 2,
            _BOTTOM - height,
            right_edge - left_edge - gap,
            height,
        )
        bars.append(Bar(*_round_shape(shape), years[year], value))
    return Chart(code, label, bars, _COLUMN_CHART_HEIGHT)


def build_bar_chart(
    code: str, label: str, cells: dict[str, Cell], names: dict
) -> Chart:
    """Build a chart with a horizontal bar per key, in the order of ``cells``.

    Keys with the value 0 are left out. ``names`` maps keys to labels.
    """
    positive_values = {key: cell.value for key, cell in cells.items() if cell.value}
    highest = max(positive_values.values())
    max_length = WIDTH - _VALUE_WIDTH
    bars = [
        Bar(
            *_round_shape(
                (
                    0,
                    index * _ROW_HEIGHT + _LABEL_HEIGHT,
                    max_length * value / highest,
                    _BAR_HEIGHT,
                ),
            ),
            names[key],
            value,
        )
        for index, (key, value) in enumerate(positive_values.items())
    ]
    return Chart(code, label, bars, len(bars) * _ROW_HEIGHT)


def _round_shape(shape: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(round(number, 1) for number in shape)
