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
    EditionResource,
    PageResource,
)
from portal.content.figures.resources import ReportedFigureResource
from portal.content.spreadsheets.import_plan import (
    CREATED,
    SKIPPED,
    UNCHANGED,
    UPDATED,
    RecordLoadError,
    RowError,
)
from portal.content.spreadsheets.record_loading import load_record_files
from portal.content.spreadsheets.resources import EvidenceOnlyHostResource, Resource
from portal.core.accounts.models import User
from portal.management.progress import ProgressBar
from portal.reference.directory.resources import (
    CountryResource,
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
    OrganResource,
    EditionResource,
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

    def handle(self, *args, folder, **options):
        files = [(resource, *_read(folder, resource)) for resource in _resources()]
        self._raise_on_errors(
            [error for _resource, _rows, errors in files for error in errors]
        )
        rows = [(resource, rows) for resource, rows, _errors in files]
        bar = ProgressBar(self.stderr, 2 * sum(len(file_rows) for _, file_rows in rows))
        try:
            plans = load_record_files(
                rows,
                by=User.objects.get_system_user("record"),
                at=timezone.now(),
                on_progress=bar.advance,
            )
        except RecordLoadError as error:
            bar.finish()
            self._print_rejected(error.errors)
            self._raise_on_errors(error.errors)
        bar.finish()
        self._print_table(plans)

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

    def _print_table(self, plans) -> None:
        self._print_header()
        for plan in plans:
            counts = "".join(f"{plan.count_rows(action):>11}" for action in ACTIONS)
            self.stdout.write(f"{plan.resource.file:26}{counts}{0:>11}")
        changed = sum(
            plan.count_rows(CREATED) + plan.count_rows(UPDATED) for plan in plans
        )
        self.stdout.write(f"{changed} changes.")


def _resources() -> list[Resource]:
    return [resource() for resource in RESOURCES]


def _read(folder: Path, resource: Resource):
    """Read the CSV file of ``resource``; return its rows and the errors in its format.

    A row maps column headings to cells.
    """
    path = folder / resource.file
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            headings = next(reader, [])
            lines = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return [], [RowError(resource.file, 1, "-", "", str(error))]
    errors = resource.check_headings(headings)
    message = (
        f"The number of cells differs from the number of headings ({len(headings)})."
    )
    errors += [
        RowError(resource.file, number, "-", ",".join(line)[:100], message)
        for number, line in enumerate(lines, start=2)
        if len(line) != len(headings)
    ]
    return [dict(zip(headings, line, strict=False)) for line in lines], errors
