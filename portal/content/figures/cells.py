"""Counted numbers with links to the records they count."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from portal.content.figures.choices import Measure
from portal.content.figures.links import api_url, list_filters, list_url
from portal.content.figures.query import FigureQuery
from portal.content.figures.registry import Indicator

GROUP_OVERALL, GROUP_YEAR, GROUP_COUNTRY, GROUP_KIND = (
    "overall",
    "year",
    "country",
    "kind",
)


class TallyRow(NamedTuple):
    """One row of the aggregation query: the counts for one key of one group.

    ``records`` is the number of records, ``total`` the sum of their participants and
    ``with_number`` the number of records that report participants. ``is_dated`` is 1 or
    0.
    """

    group: str
    key: str
    is_dated: int
    records: int
    total: int
    with_number: int


@dataclass
class Cell:
    """One number of an indicator, overall or for one year, country or kind.

    ``group`` is one of the groups, ``key`` the year, country code or kind. ``records``
    is the number of dated records in the linked list. ``value`` is the same number or,
    for an indicator of participants, the sum of their reported participants;
    ``without_number`` records report none. ``undated`` records have no date and are not
    included.
    """

    indicator: Indicator
    query: FigureQuery
    group: str = GROUP_OVERALL
    key: str = ""
    value: int = 0
    records: int = 0
    without_number: int = 0
    undated: int = 0

    def add(self, row: TallyRow) -> None:
        if not row.is_dated:
            self.undated += row.records
            return
        self.records += row.records
        if self.indicator.measure == Measure.PARTICIPANTS:
            self.value += row.total
            self.without_number += row.records - row.with_number
        else:
            self.value += row.records

    @property
    def url(self) -> str:
        """URL of the list page with exactly the counted records."""
        return list_url(self.indicator, self._filters())

    @property
    def api_url(self) -> str:
        """URL of the API query that returns exactly the counted records."""
        return api_url(self.indicator, self._filters())

    @property
    def undated_url(self) -> str | None:
        """URL of the list page with the undated records; None for a year."""
        if self.group == GROUP_YEAR:
            return None
        return list_url(self.indicator, self._filters(is_dated=False))

    @property
    def undated_api_url(self) -> str | None:
        """URL of the API query that returns the undated records; None for a year."""
        if self.group == GROUP_YEAR:
            return None
        return api_url(self.indicator, self._filters(is_dated=False))

    def _filters(self, *, is_dated: bool = True) -> dict[str, str]:
        return list_filters(
            self.indicator, self.query, self.group, self.key, is_dated=is_dated
        )


@dataclass
class Figure:
    """All numbers of one indicator: the total, and the cells of each group by key."""

    indicator: Indicator
    total: Cell
    groups: dict[str, dict[str, Cell]] = field(default_factory=dict)

    def cells(self) -> Iterator[Cell]:
        """Yield the cell of the total, then the cells of years, countries and kinds."""
        yield self.total
        for cells in self.groups.values():
            yield from cells.values()
