"""Import a spreadsheet from the command line, like the import page of the admin."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.content.publishing.import_choices import ImportState
from portal.content.publishing.models import ImportBatch
from portal.content.spreadsheets import operations
from portal.content.spreadsheets.permissions import can_import
from portal.content.spreadsheets.progress import ImportProgress
from portal.content.spreadsheets.registry import get_resource, get_resource_codes
from portal.content.spreadsheets.sheet import UnreadableSpreadsheetError
from portal.core.accounts.models import User
from portal.management.progress import ProgressBar


class Command(BaseCommand):
    help = (
        "Check a spreadsheet; with --write import all of its rows, or none if there is "
        "an error."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="xlsx or csv")
        parser.add_argument("--resource", required=True, choices=get_resource_codes())
        parser.add_argument(
            "--by", required=True, help="User name of the importing user."
        )
        parser.add_argument(
            "--write",
            action="store_true",
            help="Import the rows if there are no errors.",
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
        resource_class = get_resource(resource)
        for answer_argument in answer:
            if "=" not in answer_argument:
                message = f"Write --answer {answer_argument} as KEY=VALUE."
                raise CommandError(message)
        if not can_import(user, resource_class):
            message = f"{by} has no permission to add and change {resource}."
            raise CommandError(message)
        try:
            batch = operations.create_import(
                resource_class,
                content=file.read_bytes(),
                name=file.name,
                by=user,
                at=at,
                answers=dict(
                    answer_argument.split("=", 1) for answer_argument in answer
                ),
            )
        except (OSError, UnreadableSpreadsheetError) as error:
            raise CommandError(str(error)) from error
        bar = TerminalProgress(batch.pk, self.stderr)
        operations.check_import(batch, at=at, progress=bar)
        bar.finish()
        self._raise_on_errors(batch)
        if write:
            operations.write_import(batch, by=user, at=timezone.now(), progress=bar)
            bar.finish()
            self._raise_on_errors(batch)
            if batch.state != ImportState.WRITTEN:
                raise CommandError(batch.notes[-1])
        self._print_summary(batch)

    def _user(self, name: str) -> User:
        user = User.objects.filter(username=name).first()
        if user is None:
            message = f"There is no user {name}."
            raise CommandError(message)
        return user

    def _raise_on_errors(self, batch: ImportBatch) -> None:
        if batch.problem:
            raise CommandError(batch.problem)
        for row, column, value, remedy in batch.errors:
            self.stderr.write(f"{batch.file_name}:{row} {column} “{value}”: {remedy}")
        if batch.error_count:
            message = f"{batch.error_count} cells have errors. Nothing was imported."
            raise CommandError(message)
        if batch.state == ImportState.ASKING:
            self._print_questions(batch)
            message = "Answer the questions with --answer. Nothing was imported."
            raise CommandError(message)

    def _print_questions(self, batch: ImportBatch) -> None:
        for question in batch.questions:
            self.stderr.write(question["text"])
            for option in question["options"]:
                answer = f"{question['key']}={option['value']}"
                self.stderr.write(f"  --answer {answer}  {option['label']}")

    def _print_summary(self, batch: ImportBatch) -> None:
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
        result = (
            "Imported."
            if is_written
            else "Nothing was imported; use --write to import."
        )
        self.stdout.write(f"{batch}: {counts}. {result}")


class TerminalProgress(ImportProgress):
    """Progress of an import that is also shown as a progress bar in the terminal."""

    def __init__(self, batch_id: int, stream):
        super().__init__(batch_id)
        self._stream, self._bar = stream, None

    def start(self, total: int) -> None:
        super().start(total)
        self._bar = ProgressBar(self._stream, total)

    def advance(self, rows: int) -> None:
        super().advance(rows)
        self._bar.advance(rows)

    def finish(self) -> None:
        if self._bar:
            self._bar.finish()
