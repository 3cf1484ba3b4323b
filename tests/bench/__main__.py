"""Measure pages on databases of several sizes, side by side.

python -m tests.bench [--records 1000 100000] [--databases sqlite postgresql]
                      [--rounds 40] [--cases search] [--seed 1]
                      [--imports [10000]]

Each round requests each case from each database in turn, so that other load on the
machine affects all of them alike.
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

# Rows of the imported spreadsheet.
_ROWS = 10_000
_WORKER = [sys.executable, "-m", "tests.bench.worker"]


class WrongAnswer(Exception):
    """A benchmark request did not return status 200; the message names its path."""


def main(arguments: list[str]) -> None:
    # SIGTERM becomes an exception, so that the databases are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parsed(arguments)
    if options.imports:
        print(measured(options.databases, options.imports))
        return
    cases = [
        name for name in CASES if name.startswith((*options.cases, "bare"))
    ] or list(CASES)
    with ExitStack() as stack:
        makers = Makers(stack, options.databases)
        for engine in options.databases:
            filled = [makers.filled(engine, n, options.seed) for n in options.records]
            print(printed(engine, filled, rounds_of(filled, cases, options.rounds)))
    if options.cases == [""]:
        print(measured(options.databases, _ROWS))


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
    """Return the measurements by (records, case), the first request first."""
    measurements = defaultdict(list)
    with ExitStack() as stack:
        workers = {database.records: started(stack, database) for database in filled}
        for _round in range(rounds + 1):
            for case in cases:
                for records, worker in workers.items():
                    measurements[records, case].append(request_answer(worker, case))
    return measurements


def started(stack: ExitStack, filled: Filled) -> subprocess.Popen:
    worker = subprocess.Popen(
        _WORKER,
        cwd=ROOT,
        env=filled.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # When the stack closes, the worker's input is closed, and the worker ends.
    return stack.enter_context(worker)


def request_answer(worker: subprocess.Popen, case: str) -> Answer:
    worker.stdin.write(f"{case}\n")
    worker.stdin.flush()
    answer = json.loads(worker.stdout.readline())
    if answer["status"] != 200:
        message = f"{answer['path']} answered {answer['status']}"
        raise WrongAnswer(message)
    return Answer(answer["ms"], answer["bytes"])


if __name__ == "__main__":
    main(sys.argv[1:])
