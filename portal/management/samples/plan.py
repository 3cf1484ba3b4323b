"""Which samples there are: for any number of them the same ones in the same order."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Kinds in the order in which they point to each other, each with the form of its codes.
# Numbers are far behind those of the record and of its counters.
CODES = {
    "organ": "sample-organ-{}",
    "edition": "9{:03}",
    "document": "DOC-9{:05}",
    "mechanism": "sample-mechanism-{}",
    "meeting": "MTG-9{:05}",
    "visit": "VIS-9{:05}",
    "seminar": "SEM-9{:05}",
    "figure": "sample-figure-{}",
    "article": "sample-article-{}",
    "page": "sample-page-{}",
}
# A country has so many organs and the Conference so many editions, however many events
# there are: these kinds stop growing.
STANDING = {"organ": 60, "edition": 24, "mechanism": 12, "figure": 20, "page": 3}
_FLOWS = ("seminar", "visit", "document", "article", "meeting", "seminar", "visit")
# The codes of a kind end at 999999.
MOST = 300_000
# Others may point to the first so many of a kind.
POINTED_TO = 100
_FIRST_PUBLISHED = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
_BETWEEN = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Sample:
    """The sample at ``index`` (from 0) and its ``number`` among its kind (from 1).

    ``before`` tells how many of each kind it may point to, by their numbers.
    """

    seed: int
    index: int
    kind: str
    number: int
    before: Mapping[str, int]

    @property
    def code(self) -> str:
        return code_of(self.kind, self.number)

    @property
    def at(self) -> dt.datetime:
        """When it was published; no clock is asked, so that it is always the same."""
        return _FIRST_PUBLISHED + self.index * _BETWEEN

    def chance(self) -> random.Random:
        return random.Random(f"{self.seed} {self.index}")  # noqa: S311 no secret


def code_of(kind: str, number: int) -> str:
    return CODES[kind].format(number)


def planned(records: int, seed: int) -> Iterator[Sample]:
    """The first ``records`` samples of ``seed``: first one of each kind, then a mix."""
    so_far = Counter()
    for index, kind in zip(range(records), _kinds(), strict=False):
        before = {code: min(so_far[code], POINTED_TO) for code in CODES}
        so_far[kind] += 1
        yield Sample(seed, index, kind, so_far[kind], before)


def _kinds() -> Iterator[str]:
    yield from CODES
    standing = _standing()
    position = 0
    while True:
        position += 1
        if position % 8 == 0 and standing:
            yield standing.pop(0)
        else:
            yield _FLOWS[position % len(_FLOWS)]


def _standing() -> list[str]:
    """What is still to come of the standing kinds, evenly mixed."""
    shares = [
        (number / most, kind)
        for kind, most in STANDING.items()
        for number in range(1, most)
    ]
    return [kind for _share, kind in sorted(shares)]
