"""Measure pages on databases of several sizes, side by side.

python -m tests.bench [--records 1000 100000] [--databases sqlite postgresql]
                      [--rounds 40] [--cases search] [--seed 1]
                      [--imports [10000]]

Each round asks every database for every case once, one after the other, so that
whatever else the machine does falls on all of them alike.
"""

import argparse
import json
import signal
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack

from tests.bench.cases import CASES
from tests.bench.databases import ENGINES, ROOT, Filled, Makers
from tests.bench.imports import measured
from tests.bench.table import Answer, printed

# Of a sheet that is brought in.
_ROWS = 10_000
_WORKER = [sys.executable, "-m", "tests.bench.worker"]


class WrongAnswer(Exception):
    """An address of the cases did not answer 200; the message says which."""


def main(arguments: list[str]) -> None:
    # Ended from outside, it still takes its databases away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asked = parsed(arguments)
    if asked.imports:
        print(measured(asked.databases, asked.imports))
        return
    cases = [name for name in CASES if name.startswith((*asked.cases, "bare"))] or list(
        CASES
    )
    with ExitStack() as stack:
        makers = Makers(stack, asked.databases)
        for engine in asked.databases:
            filled = [makers.filled(engine, n, asked.seed) for n in asked.records]
            print(printed(engine, filled, rounds_of(filled, cases, asked.rounds)))
    if asked.cases == [""]:
        print(measured(asked.databases, _ROWS))


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…")
    parser.add_argument("--records", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--databases", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--cases", nargs="+", default=[""], help="Names begin so.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--imports",
        type=int,
        nargs="?",
        const=_ROWS,
        metavar="ROWS",
        help="Only what bringing in a sheet costs.",
    )
    return parser.parse_args(arguments)


def rounds_of(
    filled: list[Filled], cases: list[str], rounds: int
) -> dict[tuple[int, str], list[Answer]]:
    """Answers by (records, case), the first request first."""
    found = defaultdict(list)
    with ExitStack() as stack:
        workers = {one.records: started(stack, one) for one in filled}
        for _round in range(rounds + 1):
            for case in cases:
                for records, worker in workers.items():
                    found[records, case].append(told(worker, case))
    return found


def started(stack: ExitStack, filled: Filled) -> subprocess.Popen:
    worker = subprocess.Popen(
        _WORKER,
        cwd=ROOT,
        env=filled.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # Its input is closed first; then it ends by itself.
    return stack.enter_context(worker)


def told(worker: subprocess.Popen, case: str) -> Answer:
    worker.stdin.write(f"{case}\n")
    worker.stdin.flush()
    answer = json.loads(worker.stdout.readline())
    if answer["status"] != 200:
        message = f"{answer['path']} answered {answer['status']}"
        raise WrongAnswer(message)
    return Answer(answer["ms"], answer["bytes"])


if __name__ == "__main__":
    main(sys.argv[1:])
