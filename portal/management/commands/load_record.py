"""Brings the public record that the project ships into the database."""

import csv
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from delegations.resources import VisitResource
from exchanges.resources import MechanismResource, MeetingResource
from portal.accounts.models import User
from portal.conference.resources import (
    ArticleResource,
    DocumentResource,
    EditionResource,
    PageResource,
)
from portal.directory.resources import (
    CountryResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from portal.figures.resources import ReportedFigureResource
from portal.management.progress import ProgressBar
from portal.publishing.loading import load
from portal.publishing.plans import (
    CREATED,
    KEPT,
    UNCHANGED,
    UPDATED,
    LoadRefused,
    RowError,
)
from portal.publishing.resources import EvidenceOnlyHostResource, Resource
from seminars.resources import SeminarResource

RECORD = Path(__file__).resolve().parents[2] / "record"
# In the order in which the files point to each other.
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
ACTIONS = (CREATED, UPDATED, UNCHANGED, KEPT)


class Command(BaseCommand):
    help = "Load the public record (CSV): all of it, or nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder", type=Path, default=RECORD, help="Where the CSV files are."
        )

    def handle(self, *args, folder, **options):
        files = [(resource, *_read(folder, resource)) for resource in _resources()]
        self._refuse([error for _resource, _rows, errors in files for error in errors])
        rows = [(resource, rows) for resource, rows, _errors in files]
        bar = ProgressBar(self.stderr, 2 * sum(len(found) for _, found in rows))
        try:
            plans = load(
                rows,
                by=User.objects.actor("record"),
                at=timezone.now(),
                advance=bar.advance,
            )
        except LoadRefused as refused:
            bar.end()
            self._print_refusal(refused.errors)
            self._refuse(refused.errors)
        bar.end()
        self._print_table(plans)

    def _refuse(self, errors: list[RowError]) -> None:
        if not errors:
            return
        for error in errors:
            self.stderr.write(str(error))
        message = f"{len(errors)} rejected. Nothing was loaded."
        raise CommandError(message)

    def _print_head(self) -> None:
        head = "".join(f"{action:>11}" for action in (*ACTIONS, "rejected"))
        self.stdout.write(f"{'file':26}{head}")

    def _print_refusal(self, errors: list[RowError]) -> None:
        """How many rows of each file are bad; of all others nothing was done."""
        rejected = Counter(file for file, _row in {(e.file, e.row) for e in errors})
        self._print_head()
        for resource in RESOURCES:
            counts = f"{0:>11}" * len(ACTIONS)
            line = f"{resource.file:26}{counts}{rejected[resource.file]:>11}"
            self.stdout.write(line)

    def _print_table(self, plans) -> None:
        self._print_head()
        for plan in plans:
            counts = "".join(f"{plan.count(action):>11}" for action in ACTIONS)
            self.stdout.write(f"{plan.resource.file:26}{counts}{0:>11}")
        changed = sum(plan.count(CREATED) + plan.count(UPDATED) for plan in plans)
        self.stdout.write(f"{changed} changes.")


def _resources() -> list[Resource]:
    return [resource() for resource in RESOURCES]


def _read(folder: Path, resource: Resource):
    """The rows of a file as heading → cell, and what is wrong with its form."""
    path = folder / resource.file
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            headings = next(reader, [])
            lines = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        return [], [RowError(resource.file, 1, "-", "", str(problem))]
    errors = resource.check_headings(headings)
    remedy = f"The row has not as many cells as the heading ({len(headings)})."
    errors += [
        RowError(resource.file, number, "-", ",".join(line)[:100], remedy)
        for number, line in enumerate(lines, start=2)
        if len(line) != len(headings)
    ]
    return [dict(zip(headings, line, strict=False)) for line in lines], errors
