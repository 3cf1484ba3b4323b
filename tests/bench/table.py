"""Benchmark results as a plain text table, with the goals that they meet."""

from collections.abc import Mapping
from statistics import median, quantiles
from typing import NamedTuple

from tests.bench.cases import BARE_VIEW
from tests.bench.databases import Filled

MOST_GROWTH = 1.5
MOST_SEARCH = 60


class Answer(NamedTuple):
    milliseconds: float
    size: int


Answers = Mapping[tuple[int, str], list[Answer]]


def printed(engine: str, filled: list[Filled], answers: Answers) -> str:
    sizes = [database.records for database in filled]
    cases = list(dict.fromkeys(case for _records, case in answers))
    loads = [
        f"  {database.records:>9,} samples loaded in {database.seconds:.0f} s"
        for database in filled
    ]
    lines = [
        f"\n{engine}",
        *loads,
        "  ms of a request in the process; first: the first of its kind, caches cold;",
        "  p50, p95: of all others; × bare: p50 in those of the bare view; kB: sent,",
        f"  not compressed; growth: p50 at {sizes[-1]:,} in those at {sizes[0]:,}",
        "",
        _head(sizes),
        *[_line(case, sizes, answers) for case in cases],
        "",
        *_goals(cases, sizes, answers),
    ]
    return "\n".join(lines)


def _head(sizes: list[int]) -> str:
    columns = "".join(
        f"{f'{size:,}:':>10}{'p50':>7}{'p95':>8}{'first':>8}{'× bare':>8}{'kB':>6}"
        for size in sizes
    )
    return f"{'':22}{columns}{'growth':>9}"


def _line(case: str, sizes: list[int], answers: Answers) -> str:
    columns = "".join(
        f"{_p50(answers[size, case]):17.1f}{_p95(answers[size, case]):8.1f}"
        f"{answers[size, case][0].milliseconds:8.1f}"
        f"{_p50(answers[size, case]) / _p50(answers[size, BARE_VIEW]):8.1f}"
        f"{median(answer.size for answer in answers[size, case]) / 1000:6.0f}"
        for size in sizes
    )
    return f"{case:22}{columns}{_growth(case, sizes, answers):9.2f}"


def _goals(cases: list[str], sizes: list[int], answers: Answers) -> list[str]:
    largest = sizes[-1]
    slower = [c for c in cases if _growth(c, sizes, answers) > MOST_GROWTH]
    fuller = [c for c in slower if _fills(c, sizes, answers)]
    searches = [c for c in cases if c.startswith("search")]
    slow = [c for c in searches if _p95(answers[largest, c]) >= MOST_SEARCH]
    return [
        _goal(
            f"no page more than {MOST_GROWTH} × slower at {largest:,}",
            [case for case in slower if case not in fuller],
        ),
        f"        slower because more is on them (kB): {'; '.join(fuller) or 'none'}",
        _goal(f"search p95 under {MOST_SEARCH} ms at {largest:,}", slow),
    ]


def _goal(goal: str, missed: list[str]) -> str:
    if not missed:
        return f"met     {goal}"
    return f"MISSED  {goal}: {'; '.join(missed)}"


def _growth(case: str, sizes: list[int], answers: Answers) -> float:
    return _p50(answers[sizes[-1], case]) / _p50(answers[sizes[0], case])


def _fills(case: str, sizes: list[int], answers: Answers) -> bool:
    """Return whether responses are over a fifth larger with the most records."""
    smallest, largest = (
        median(answer.size for answer in answers[size, case])
        for size in (sizes[0], sizes[-1])
    )
    return largest > 1.2 * smallest


def _p50(answers: list[Answer]) -> float:
    return median(answer.milliseconds for answer in answers[1:])


def _p95(answers: list[Answer]) -> float:
    times = [answer.milliseconds for answer in answers[1:]]
    return quantiles(times, n=20, method="inclusive")[18]
