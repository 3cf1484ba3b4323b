"""Load the public record that is shipped with the project into the database."""

import csv
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from delegations.resources import VisitResource
from exchanges.resources import MechanismResource, MeetingResource
from portal.conference.resources import (
    ArticleResource,
    DocumentResource,
    EditionDelegationResource,
    EditionResource,
    PageResource,
)
from portal.content.figures.resources import ReportedFigureResource
from portal.content.spreadsheets.headings import SheetTable, find_strict_table
from portal.content.spreadsheets.import_plan import (
    CREATED,
    SKIPPED,
    UNCHANGED,
    UPDATED,
    ImportPlan,
    RecordLoadError,
    RowError,
    UnknownCodesError,
)
from portal.content.spreadsheets.record_loading import load_record_files
from portal.content.spreadsheets.resources import EvidenceOnlyHostResource, Resource
from portal.content.spreadsheets.sheet import Sheet
from portal.core.accounts.models import User
from portal.management.progress import ProgressBar
from portal.management.record_report import (
    describe_plan,
    describe_undecided,
    is_kept,
    needs_decision,
)
from portal.reference.directory.resources import (
    CountryResource,
    NamedPartyResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from seminars.resources import SeminarResource

RECORD = Path(__file__).resolve().parents[2] / "record"
# A file comes after the files that it references, apart from deferred columns.
RESOURCES = (
    EvidenceOnlyHostResource,
    CountryResource,
    PlaceResource,
    TopicResource,
    NamedPartyResource,
    OrganResource,
    EditionResource,
    EditionDelegationResource,
    DocumentResource,
    MechanismResource,
    MeetingResource,
    VisitResource,
    SeminarResource,
    ReportedFigureResource,
    ArticleResource,
    PageResource,
)
ACTIONS = (CREATED, UPDATED, UNCHANGED, SKIPPED)


class Command(BaseCommand):
    help = (
        "Load the public record from CSV files; a row with an error stops the whole "
        "load."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder", type=Path, default=RECORD, help="Folder of the CSV files."
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Print what would be created, updated and kept; save nothing.",
        )
        parser.add_argument(
            "--adopt",
            action="append",
            default=[],
            metavar="CODE",
            help=(
                "The record that a person created with this code is the row of the "
                "file: load the row into it. Can be repeated."
            ),
        )
        parser.add_argument(
            "--renumber",
            action="append",
            default=[],
            metavar="CODE",
            help=(
                "The record that a person created with this code is another one: load "
                "the row of the file under a new code. Can be repeated."
            ),
        )

    def handle(self, *args, folder, dry_run, adopt, renumber, **options):
        if both := sorted({*adopt} & {*renumber}):
            message = f"{', '.join(both)}: use either --adopt or --renumber."
            raise CommandError(message)
        files = [(resource, _read(folder, resource)) for resource in _resources()]
        self._raise_on_errors(
            [error for _resource, table in files for error in table.errors]
        )
        bar = ProgressBar(self.stderr, 2 * sum(len(table.rows) for _, table in files))
        try:
            plans = load_record_files(
                files,
                by=User.objects.get_system_user("record"),
                at=timezone.now(),
                dry_run=dry_run,
                on_progress=bar.advance,
                adopt=adopt,
                renumber=renumber,
            )
        except UnknownCodesError as error:
            bar.finish()
            message = (
                f"{error}: no row with this code waits for a decision. Nothing was "
                "loaded."
            )
            raise CommandError(message) from error
        except RecordLoadError as error:
            bar.finish()
            self._print_rejected(error.errors)
            self._raise_on_errors(error.errors)
        bar.finish()
        self._print_plans(plans, dry_run=dry_run)

    def _raise_on_errors(self, errors: list[RowError]) -> None:
        if not errors:
            return
        for error in errors:
            self.stderr.write(str(error))
        message = f"{len(errors)} errors. Nothing was loaded."
        raise CommandError(message)

    def _print_header(self) -> None:
        head = "".join(f"{action:>11}" for action in (*ACTIONS, "rejected"))
        self.stdout.write(f"{'file':26}{head}")

    def _print_rejected(self, errors: list[RowError]) -> None:
        """Print a table with the number of rejected rows of each file.

        All other counts are 0, because a load with rejected rows changes nothing.
        """
        rejected = Counter(file for file, _row in {(e.file, e.row) for e in errors})
        self._print_header()
        for resource in RESOURCES:
            counts = f"{0:>11}" * len(ACTIONS)
            line = f"{resource.file:26}{counts}{rejected[resource.file]:>11}"
            self.stdout.write(line)

    def _print_plans(self, plans: list[ImportPlan], *, dry_run: bool) -> None:
        """Print the counts of each file; for a dry run also what they consist of.

        Rows that somebody has to decide about are printed in any case.
        """
        self._print_header()
        for plan in plans:
            counts = "".join(f"{plan.count_rows(action):>11}" for action in ACTIONS)
            self.stdout.write(f"{plan.resource.file:26}{counts}{0:>11}")
            for line in describe_plan(plan) if dry_run else describe_undecided(plan):
                self.stdout.write(f"  {line}")
        rows = [row for plan in plans for row in plan.rows]
        kept = sum(1 for row in rows if is_kept(row) and not needs_decision(row))
        absent = sum(len(plan.absent) for plan in plans)
        if kept and not dry_run:
            message = f"Records with fields that people edited, which are kept: {kept}."
            self.stdout.write(f"{message} --dry-run lists them.")
        if absent and not dry_run:
            message = f"Records that are in no file any more, which are kept: {absent}."
            self.stdout.write(f"{message} --dry-run lists them.")
        changed = sum(
            plan.count_rows(CREATED) + plan.count_rows(UPDATED) for plan in plans
        )
        ending = " Dry run: nothing was saved." if dry_run else ""
        self.stdout.write(f"{changed} changes.{ending}")


def _resources() -> list[Resource]:
    return [resource() for resource in RESOURCES]


def _read(folder: Path, resource: Resource) -> SheetTable:
    """Read the CSV file of ``resource``; the table has the errors in its format."""
    file = resource.file
    try:
        with (folder / file).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(enumerate(csv.reader(stream, strict=True), start=1))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return SheetTable([], [], [], [RowError(file, 1, "-", "", str(error))])
    width = len(rows[0][1]) if rows else 0
    sheet = Sheet(rows=[row for row in rows if len(row[1]) == width])
    table = find_strict_table(resource, sheet, file)
    message = f"The number of cells differs from the number of headings ({width})."
    table.errors += [
        RowError(file, number, "-", ",".join(cells)[:100], message)
        for number, cells in rows
        if len(cells) != width
    ]
    return table
