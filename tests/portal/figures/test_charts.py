import datetime as dt
from itertools import pairwise

import pytest

from portal.figures.asking import Asked
from portal.figures.cells import Cell
from portal.figures.charts import WIDTH, columns, rows
from portal.figures.registry import facts

ASKED = Asked(dt.date(2018, 12, 31))


def cell(value: int) -> Cell:
    return Cell(facts()[0], ASKED, value=value)


def test_columns_stand_on_one_line_and_leave_gaps_for_years_without():
    years = {2014: "2014", 2015: "2015", 2016: "2016"}

    chart = columns("a", "A", {2014: cell(4), 2016: cell(2)}, years)

    high, none, half = chart.bars
    assert (high.height, none.height, half.height) == (92, 0, 46)
    assert {bar.y + bar.height for bar in chart.bars} == {112}
    assert [bar.label for bar in chart.bars] == ["2014", "2015", "2016"]
    assert chart.highest is high
    assert half.x + half.width < WIDTH


@pytest.mark.parametrize(
    ("place", "anchor"), [(0, "start"), (15, "middle"), (29, "end")]
)
def test_highest_number_is_never_cut_off(place, anchor):
    years = {year: str(year) for year in range(30)}

    chart = columns("a", "A", {place: cell(1000)}, years)

    assert chart.highest_anchor == anchor
    assert 0 <= chart.highest_x <= WIDTH


def test_columns_of_a_hundred_years_do_not_overlap():
    years = {year: str(year) for year in range(1900, 2026)}

    bars = columns("a", "A", {1900: cell(1), 2025: cell(3)}, years).bars

    assert all(bar.width > 0 for bar in bars)
    assert all(left.x + left.width <= right.x + 0.1 for left, right in pairwise(bars))


def test_rows_leave_room_for_their_number_and_out_what_has_none():
    names = {"VN": "Viet Nam", "LA": "Lao PDR", "TH": "Thailand"}

    chart = rows("a", "A", {"VN": cell(2), "LA": cell(0), "TH": cell(1)}, names)

    first, second = chart.bars
    assert (first.label, second.label) == ("Viet Nam", "Thailand")
    assert (first.width, second.width) == (WIDTH - 44, (WIDTH - 44) / 2)
    assert first.y + first.height < second.above
    assert second.y + second.height < chart.height
