"""What bringing in a sheet costs, beside a bare insert of as many rows.

Each step is a process of its own, so that its memory is its own too.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.bench.databases import ROOT, Makers, manage

MOST_SECONDS = 20
MOST_MEGABYTES = 300
_STEPS = (
    "bare insert",
    "export",
    "dry run, csv",
    "dry run, xlsx",
    "import, xlsx",
    "again",
)


def measured(engines: list[str], rows: int) -> str:
    """The table of all steps on each engine, with the goals."""
    lines = [
        f"\n  {rows:,} seminars of {len(_row(1))} columns; s: of the step alone; MB:",
        "  the most its process held; × bare: its seconds in those of the bare insert",
        "",
        f"{'':24}{'s':>8}{'× bare':>9}{'MB':>7}",
    ]
    with ExitStack() as stack:
        makers = Makers(stack, engines)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory("-sheets")))
        for engine in engines:
            environment = makers.environment(makers.empty(engine, "imports"))
            manage(environment, "migrate")
            lines += ["", engine, *_engine(environment, folder, rows)]
    return "\n".join(lines)


def _engine(environment: dict[str, str], folder: Path, rows: int) -> list[str]:
    found = {step: _asked(environment, step, folder, rows) for step in _STEPS}
    bare = found["bare insert"]["seconds"]
    lines = [
        f"  {step:22}{one['seconds']:8.1f}{one['seconds'] / bare:9.1f}"
        f"{one['megabytes']:7.0f}"
        for step, one in found.items()
    ]
    slowest = max(found[s]["seconds"] for s in _STEPS if s.startswith("dry run"))
    most = max(one["megabytes"] for one in found.values())
    return [
        *lines,
        _goal(slowest < MOST_SECONDS, f"dry run in less than {MOST_SECONDS} s"),
        _goal(most < MOST_MEGABYTES, f"less than {MOST_MEGABYTES} MB"),
    ]


def _goal(is_met: bool, goal: str) -> str:
    return f"  {'goal met' if is_met else 'MISSED'}: {goal}"


def _asked(environment, step: str, folder: Path, rows: int) -> dict:
    command = [
        sys.executable,
        "-m",
        "tests.bench.imports",
        step,
        str(folder),
        str(rows),
    ]
    told = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(told.stdout.splitlines()[-1])


# ------------------------------------------------------------ one step, in its process

_HEADINGS = [
    *("title_zh", "title_en", "scope", "audience", "starts_on", "ends_on"),
    *("date_precision", "venue", "city", "participants_count", "topic", "organiser"),
    *("source_urls", "confidence", "notes"),
]


def _row(number: int) -> list[str]:
    day = f"20{number % 25:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return [
        f"示例研修班{number}",
        f"Sample seminar {number}",
        "prosecutors",
        "prosecutors",
        day,
        "",
        "day",
        f"Sample hall {number % 50}",
        "Sample city",
        str(number % 90),
        "Sample subject;Another subject",
        "Sample organiser",
        f"https://example.org/{number};https://example.org/copy/{number}",
        "medium",
        "Invented.",
    ]


def _step(step: str, folder: Path, rows: int) -> None:
    from portal.accounts.models import User

    by, _made = User.objects.get_or_create(username="sample.clerk")
    work = {
        "bare insert": _insert,
        "export": _export,
        "dry run, csv": _dry_run_csv,
        "dry run, xlsx": _dry_run_xlsx,
        "import, xlsx": _import_xlsx,
        "again": _dry_run_xlsx,
    }[step]
    seconds = work(folder, rows, by)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": most}))


def _insert(folder: Path, rows: int, by) -> float:
    from django.db import models, transaction

    from seminars.models import Seminar

    made = [
        Seminar(code=f"SEM-{number:04}", title_en=f"Sample {number}", scope="related")
        for number in range(1, rows + 1)
    ]
    started = time.perf_counter()
    with transaction.atomic():
        models.QuerySet(Seminar).bulk_create(made, batch_size=200)
    seconds = time.perf_counter() - started
    Seminar.objects.all().delete()
    return seconds


def _export(folder: Path, rows: int, by) -> float:
    """Both files of the later steps; nothing of the record is read."""
    from portal.publishing.spreadsheets.exporting import write_file

    started = time.perf_counter()
    for form in ("csv", "xlsx"):
        sheet = [_HEADINGS, *(_row(number) for number in range(rows))]
        with (folder / f"rows.{form}").open("wb") as out:
            write_file(out, sheet, form)
    return time.perf_counter() - started


def _dry_run_csv(folder: Path, rows: int, by) -> float:
    return _brought(folder / "rows.csv", by, is_written=False)


def _dry_run_xlsx(folder: Path, rows: int, by) -> float:
    return _brought(folder / "rows.xlsx", by, is_written=False)


def _import_xlsx(folder: Path, rows: int, by) -> float:
    return _brought(folder / "rows.xlsx", by, is_written=True)


def _brought(file: Path, by, *, is_written: bool) -> float:
    from django.utils import timezone

    from portal.publishing.spreadsheets import operations
    from portal.publishing.spreadsheets.progress import Progress
    from portal.publishing.spreadsheets.registry import resource_named

    at, seminars = timezone.now(), resource_named("seminars")
    batch = operations.receive(
        seminars, content=file.read_bytes(), name=file.name, by=by, at=at
    )
    progress = Progress(batch.pk)
    started = time.perf_counter()
    operations.check(batch, at=at, progress=progress)
    if is_written:
        started = time.perf_counter()
        operations.write(batch, by=by, at=at, progress=progress)
    seconds = time.perf_counter() - started
    if batch.error_count or batch.problem:
        message = f"{batch.problem} {batch.errors[:3]}"
        raise RuntimeError(message)
    return seconds


if __name__ == "__main__":
    import django

    django.setup()
    _step(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
