"""Brings a spreadsheet of the office in, as the page for it does."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.accounts.models import User
from portal.management.progress import ProgressBar
from portal.publishing.models import ImportBatch
from portal.publishing.spreadsheets import operations
from portal.publishing.spreadsheets.choices import ImportState
from portal.publishing.spreadsheets.permissions import may_import
from portal.publishing.spreadsheets.progress import Progress
from portal.publishing.spreadsheets.registry import resource_codes, resource_named
from portal.publishing.spreadsheets.sheets import Unreadable


class Command(BaseCommand):
    help = "Check a spreadsheet, and with --write bring all of its rows in, or none."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="xlsx or csv")
        parser.add_argument("--resource", required=True, choices=resource_codes())
        parser.add_argument("--by", required=True, help="The user who brings it in.")
        parser.add_argument(
            "--write", action="store_true", help="Write, if all is well."
        )
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="The answer to a question that an earlier run printed; repeatable.",
        )

    def handle(self, *args, file, resource, by, write, answer, **options):
        user, at = self._user(by), timezone.now()
        found = resource_named(resource)
        for one in answer:
            if "=" not in one:
                message = f"Write --answer {one} as KEY=VALUE."
                raise CommandError(message)
        if not may_import(user, found):
            message = f"{by} may not add and change {resource}."
            raise CommandError(message)
        try:
            batch = operations.receive(
                found,
                content=file.read_bytes(),
                name=file.name,
                by=user,
                at=at,
                answers=dict(one.split("=", 1) for one in answer),
            )
        except (OSError, Unreadable) as problem:
            raise CommandError(str(problem)) from problem
        bar = TerminalProgress(batch.pk, self.stderr)
        operations.check(batch, at=at, progress=bar)
        bar.end()
        self._refuse(batch)
        if write:
            operations.write(batch, by=user, at=timezone.now(), progress=bar)
            bar.end()
            self._refuse(batch)
            if batch.state != ImportState.WRITTEN:
                raise CommandError(batch.notes[-1])
        self._tell(batch)

    def _user(self, name: str) -> User:
        user = User.objects.filter(username=name).first()
        if user is None:
            message = f"There is no user {name}."
            raise CommandError(message)
        return user

    def _refuse(self, batch: ImportBatch) -> None:
        if batch.problem:
            raise CommandError(batch.problem)
        for row, column, value, remedy in batch.errors:
            self.stderr.write(f"{batch.file_name}:{row} {column} “{value}”: {remedy}")
        if batch.error_count:
            message = f"{batch.error_count} cells are bad. Nothing was written."
            raise CommandError(message)
        if batch.state == ImportState.ASKING:
            self._print_questions(batch)
            message = "Answer the questions with --answer. Nothing was written."
            raise CommandError(message)

    def _print_questions(self, batch: ImportBatch) -> None:
        for question in batch.questions:
            self.stderr.write(question["text"])
            for option in question["options"]:
                answer = f"{question['key']}={option['value']}"
                self.stderr.write(f"  --answer {answer}  {option['label']}")

    def _tell(self, batch: ImportBatch) -> None:
        for note in batch.notes:
            self.stdout.write(note)
        for row, column, value, text in batch.warnings:
            self.stdout.write(f"{batch.file_name}:{row} {column} “{value}”: {text}")
        counts = ", ".join(
            f"{name} {count}"
            for name, count in batch.counts.items()
            if name not in ("others", "questions")
        )
        is_written = batch.state == ImportState.WRITTEN
        end = "Written." if is_written else "Nothing is written without --write."
        self.stdout.write(f"{batch}: {counts}. {end}")


class TerminalProgress(Progress):
    """Shows how far the work has come where it was asked for."""

    def __init__(self, batch_id: int, stream):
        super().__init__(batch_id)
        self._stream, self._bar = stream, None

    def begin(self, total: int) -> None:
        super().begin(total)
        self._bar = ProgressBar(self._stream, total)

    def advance(self, rows: int) -> None:
        super().advance(rows)
        self._bar.advance(rows)

    def end(self) -> None:
        if self._bar:
            self._bar.end()
