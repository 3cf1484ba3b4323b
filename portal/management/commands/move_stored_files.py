"""Copy stored files from the folder that an earlier release used."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.core.files.models import STORAGE_FOLDER
from portal.core.files.relocation import CopyReport, RelocationError, copy_files


class Command(BaseCommand):
    help = (
        "Copy stored files from the folder that an earlier release used. Each copy is "
        "compared with its SHA-256; nothing is deleted or overwritten, and an "
        "interrupted run is continued by the next one."
    )
    # The system checks would repeat the warning that recommends this command.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "folder",
            type=Path,
            help=f"The old folder, which contains the folder {STORAGE_FOLDER}.",
        )

    def handle(self, *args, **options):
        old_folder = options["folder"].absolute()
        report = CopyReport()
        try:
            copy_files(old_folder, report)
        except RelocationError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            message = (
                f"Stopped after {len(report.copied)} copies: {error}. Nothing was"
                " deleted; run the command again to continue."
            )
            raise CommandError(message) from error
        self._print(report, old_folder)

    def _print(self, report: CopyReport, old_folder: Path) -> None:
        count, present = len(report.copied), len(report.present)
        self.stdout.write(f"{count} copied, {present} already there, nothing deleted.")
        for name in report.conflicting:
            self.stderr.write(
                f"Not copied, a different file with this name exists: {name}"
            )
        for name in report.damaged:
            self.stderr.write(f"Not copied, does not match its SHA-256: {name}")
        if problems := len(report.conflicting) + len(report.damaged):
            message = (
                f"{problems} files were not copied; keep {old_folder / STORAGE_FOLDER}."
            )
            raise CommandError(message)
        self.stdout.write(
            "After checking that the portal serves its files, you can delete "
            f"{old_folder / STORAGE_FOLDER}."
        )
