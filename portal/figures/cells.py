"""The numbers, each with the addresses of what it counts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from portal.figures.addresses import api_url, list_url, words_of
from portal.figures.asking import Asked
from portal.figures.choices import Measure
from portal.figures.registry import Fact

OVERALL, YEAR, COUNTRY, KIND = "overall", "year", "country", "kind"


class Row(NamedTuple):
    """What the database counted under one key of one group.

    ``total`` and ``numbered`` are the sum of the participants, and how many of the
    records give their number.
    """

    group: str
    key: str
    is_dated: int
    records: int
    total: int
    numbered: int


@dataclass
class Cell:
    """One number: of ``fact``, overall or for one year, country or kind (``key``).

    ``records`` is how many records its list holds; ``value`` is the same or, for a sum
    of participants, that sum over those that give a number, which ``unnumbered`` do
    not. ``undated`` records have no date on record and are in neither.
    """

    fact: Fact
    asked: Asked
    group: str = OVERALL
    key: str = ""
    value: int = 0
    records: int = 0
    unnumbered: int = 0
    undated: int = 0

    def add(self, row: Row) -> None:
        if not row.is_dated:
            self.undated += row.records
            return
        self.records += row.records
        if self.fact.measure == Measure.PARTICIPANTS:
            self.value += row.total
            self.unnumbered += row.records - row.numbered
        else:
            self.value += row.records

    @property
    def url(self) -> str:
        """The list that holds exactly ``records``."""
        return list_url(self.fact, self._words())

    @property
    def api_url(self) -> str:
        """The API query that gives exactly ``records``."""
        return api_url(self.fact, self._words())

    @property
    def undated_url(self) -> str | None:
        """The list that holds exactly ``undated``; what has no date is of no year."""
        if self.group == YEAR:
            return None
        return list_url(self.fact, self._words(is_dated=False))

    @property
    def undated_api_url(self) -> str | None:
        """The API query that gives exactly ``undated``; None for a year."""
        if self.group == YEAR:
            return None
        return api_url(self.fact, self._words(is_dated=False))

    def _words(self, *, is_dated: bool = True) -> dict[str, str]:
        return words_of(self.fact, self.asked, self.group, self.key, is_dated=is_dated)


@dataclass
class Figure:
    """All numbers of one fact: the total, and the cells of each group by their key."""

    fact: Fact
    total: Cell
    groups: dict[str, dict[str, Cell]] = field(default_factory=dict)

    def cells(self) -> Iterator[Cell]:
        """The total, then years, countries and kinds."""
        yield self.total
        for cells in self.groups.values():
            yield from cells.values()
