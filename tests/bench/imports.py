"""Benchmark of spreadsheet imports, compared with a bulk insert of as many rows.

Each step runs in a process of its own, so that its memory can be measured.
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
    """Run all steps on each engine; return the results and goals as a table."""
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
    results = {step: _run_step(environment, step, folder, rows) for step in _STEPS}
    bare_insert = results["bare insert"]["seconds"]
    lines = [
        f"  {step:22}{result['seconds']:8.1f}{result['seconds'] / bare_insert:9.1f}"
        f"{result['megabytes']:7.0f}"
        for step, result in results.items()
    ]
    slowest = max(results[s]["seconds"] for s in _STEPS if s.startswith("dry run"))
    megabytes = max(result["megabytes"] for result in results.values())
    return [
        *lines,
        _goal(slowest < MOST_SECONDS, f"dry run in less than {MOST_SECONDS} s"),
        _goal(megabytes < MOST_MEGABYTES, f"less than {MOST_MEGABYTES} MB"),
    ]


def _goal(is_met: bool, goal: str) -> str:
    return f"  {'goal met' if is_met else 'MISSED'}: {goal}"


def _run_step(environment, step: str, folder: Path, rows: int) -> dict:
    command = [
        sys.executable,
        "-m",
        "tests.bench.imports",
        step,
        str(folder),
        str(rows),
    ]
    completed = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(completed.stdout.splitlines()[-1])


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
    from portal.core.accounts.models import User

    by, _created = User.objects.get_or_create(username="sample.clerk")
    work = {
        "bare insert": _insert,
        "export": _export,
        "dry run, csv": _dry_run_csv,
        "dry run, xlsx": _dry_run_xlsx,
        "import, xlsx": _import_xlsx,
        "again": _dry_run_xlsx,
    }[step]
    seconds = work(folder, rows, by)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes}))


def _insert(folder: Path, rows: int, by) -> float:
    from django.db import models, transaction

    from seminars.models import Seminar

    unsaved = [
        Seminar(code=f"SEM-{number:04}", title_en=f"Sample {number}", scope="related")
        for number in range(1, rows + 1)
    ]
    started = time.perf_counter()
    with transaction.atomic():
        models.QuerySet(Seminar).bulk_create(unsaved, batch_size=200)
    seconds = time.perf_counter() - started
    Seminar.objects.all().delete()
    return seconds


def _export(folder: Path, rows: int, by) -> float:
    """Write the CSV and XLSX files for the later steps, without reading any record."""
    from portal.content.spreadsheets.export import write_file

    started = time.perf_counter()
    for form in ("csv", "xlsx"):
        sheet = [_HEADINGS, *(_row(number) for number in range(rows))]
        with (folder / f"rows.{form}").open("wb") as out:
            write_file(out, sheet, form)
    return time.perf_counter() - started


def _dry_run_csv(folder: Path, rows: int, by) -> float:
    return _import_seconds(folder / "rows.csv", by, is_written=False)


def _dry_run_xlsx(folder: Path, rows: int, by) -> float:
    return _import_seconds(folder / "rows.xlsx", by, is_written=False)


def _import_xlsx(folder: Path, rows: int, by) -> float:
    return _import_seconds(folder / "rows.xlsx", by, is_written=True)


def _import_seconds(file: Path, by, *, is_written: bool) -> float:
    from django.utils import timezone

    from portal.content.spreadsheets import operations
    from portal.content.spreadsheets.progress import ImportProgress
    from portal.content.spreadsheets.registry import get_resource

    at, seminars = timezone.now(), get_resource("seminars")
    batch = operations.create_import(
        seminars, content=file.read_bytes(), name=file.name, by=by, at=at
    )
    progress = ImportProgress(batch.pk)
    started = time.perf_counter()
    operations.check_import(batch, at=at, progress=progress)
    if is_written:
        started = time.perf_counter()
        operations.write_import(batch, by=by, at=at, progress=progress)
    seconds = time.perf_counter() - started
    if batch.error_count or batch.problem:
        message = f"{batch.problem} {batch.errors[:3]}"
        raise RuntimeError(message)
    return seconds


if __name__ == "__main__":
    import django

    django.setup()
    _step(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
