"""Deterministic sequence of samples: a seed always gives the same samples."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Format of the codes of each kind; a kind comes after the kinds that it references. The
# numbers are far above those of real records and of the counters for new codes.
CODE_FORMATS = {
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
# Number of samples of the kinds that do not grow with the number of events.
FIXED_COUNTS = {"organ": 60, "edition": 24, "mechanism": 12, "figure": 20, "page": 3}
_GROWING_KINDS = (
    "seminar",
    "visit",
    "document",
    "article",
    "meeting",
    "seminar",
    "visit",
)
# Upper limit of the number of samples, because the codes of a kind end at 999999.
MAX_RECORDS = 300_000
# Only samples of a kind up to this number can be referenced by other samples.
MAX_REFERENCED = 100
_FIRST_PUBLISHED = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
_PUBLISHING_INTERVAL = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Sample:
    """A sample in the sequence of samples, without its generated content.

    ``index`` is the position among all samples (from 0), ``number`` the position among
    the samples of its kind (from 1). ``available_counts`` has, for each kind, how many
    earlier samples may be referenced: those with the numbers 1 to that count.
    """

    seed: int
    index: int
    kind: str
    number: int
    available_counts: Mapping[str, int]

    @property
    def code(self) -> str:
        return sample_code(self.kind, self.number)

    @property
    def at(self) -> dt.datetime:
        """Return the publication time, which depends on ``index`` only."""
        return _FIRST_PUBLISHED + self.index * _PUBLISHING_INTERVAL

    def rng(self) -> random.Random:
        return random.Random(f"{self.seed} {self.index}")  # noqa: S311 no secret


def sample_code(kind: str, number: int) -> str:
    return CODE_FORMATS[kind].format(number)


def plan_samples(records: int, seed: int) -> Iterator[Sample]:
    """Yield the first ``records`` samples of ``seed``: one of each kind, then a mix."""
    counts = Counter()
    for index, kind in zip(range(records), _kind_sequence(), strict=False):
        available_counts = {
            code: min(counts[code], MAX_REFERENCED) for code in CODE_FORMATS
        }
        counts[kind] += 1
        yield Sample(seed, index, kind, counts[kind], available_counts)


def _kind_sequence() -> Iterator[str]:
    yield from CODE_FORMATS
    remaining = _remaining_fixed_kinds()
    position = 0
    while True:
        position += 1
        if position % 8 == 0 and remaining:
            yield remaining.pop(0)
        else:
            yield _GROWING_KINDS[position % len(_GROWING_KINDS)]


def _remaining_fixed_kinds() -> list[str]:
    """Return the kinds with a fixed number of samples, one item per remaining sample.

    The kinds are evenly mixed. The first sample of each kind is not included, because
    the sequence begins with these.
    """
    shares = [
        (number / limit, kind)
        for kind, limit in FIXED_COUNTS.items()
        for number in range(1, limit)
    ]
    return [kind for _share, kind in sorted(shares)]
