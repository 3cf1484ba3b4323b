import datetime as dt
from itertools import pairwise

import pytest

from portal.content.figures.cells import Cell
from portal.content.figures.charts import WIDTH, build_bar_chart, build_column_chart
from portal.content.figures.query import FigureQuery
from portal.content.figures.registry import all_indicators

QUERY = FigureQuery(dt.date(2018, 12, 31))


def cell(value: int) -> Cell:
    return Cell(all_indicators()[0], QUERY, value=value)


def test_column_chart_shares_baseline_and_keeps_empty_years():
    years = {2014: "2014", 2015: "2015", 2016: "2016"}

    chart = build_column_chart("a", "A", {2014: cell(4), 2016: cell(2)}, years)

    high, none, half = chart.bars
    assert (high.height, none.height, half.height) == (92, 0, 46)
    assert {bar.y + bar.height for bar in chart.bars} == {112}
    assert [bar.label for bar in chart.bars] == ["2014", "2015", "2016"]
    assert chart.highest is high
    assert half.x + half.width < WIDTH


@pytest.mark.parametrize(
    ("place", "anchor"), [(0, "start"), (15, "middle"), (29, "end")]
)
def test_highest_label_fits_chart(place, anchor):
    years = {year: str(year) for year in range(30)}

    chart = build_column_chart("a", "A", {place: cell(1000)}, years)

    assert chart.highest_label_anchor == anchor
    assert 0 <= chart.highest_label_x <= WIDTH


def test_column_chart_of_100_years_has_no_overlap():
    years = {year: str(year) for year in range(1900, 2026)}

    bars = build_column_chart("a", "A", {1900: cell(1), 2025: cell(3)}, years).bars

    assert all(bar.width > 0 for bar in bars)
    assert all(left.x + left.width <= right.x + 0.1 for left, right in pairwise(bars))


def test_bar_chart_reserves_label_space_and_skips_zero_rows():
    names = {"VN": "Viet Nam", "LA": "Lao PDR", "TH": "Thailand"}

    chart = build_bar_chart(
        "a", "A", {"VN": cell(2), "LA": cell(0), "TH": cell(1)}, names
    )

    first, second = chart.bars
    assert (first.label, second.label) == ("Viet Nam", "Thailand")
    assert (first.width, second.width) == (WIDTH - 44, (WIDTH - 44) / 2)
    assert first.y + first.height < second.label_y
    assert second.y + second.height < chart.height
