"""Verify the audit log: its hash chain, and that it explains all published data.

The command can also export the head of the chain, or compare the chain with a head
that was exported before.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.content.publishing.verification import (
    missing_contributions,
    unexplained_records,
)
from portal.core.audit.chain import verify_chain
from portal.core.audit.erasures import describe_unexplained_losses
from portal.core.audit.stored_heads import build_stored_head, parse_stored_head


class Command(BaseCommand):
    help = (
        "Verify that no audit entry was changed, removed or inserted, and that the "
        "audit log explains published records, missing personal values and the "
        "contributors of unpublished records."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--export",
            type=Path,
            help="Write the head of the chain, with the date, to this JSON file.",
        )
        parser.add_argument(
            "--against",
            type=Path,
            help="Compare the chain with a head exported earlier.",
        )

    def handle(self, *args, export, against, **options):
        result = verify_chain()
        problems = [
            *describe_unexplained_losses(result),
            *unexplained_records(),
            *missing_contributions(),
        ]
        if result.first_broken_position is not None:
            broken = (
                f"Broken at position {result.first_broken_position}: {result.reason}"
            )
            problems.insert(0, broken)
        if problems:
            raise CommandError("\n".join(problems))
        if against:
            self._compare_with_export(against)
        if export:
            head = build_stored_head(
                result.entry_count, result.head_hash, at=timezone.now()
            )
            export.write_text(head.to_json(), encoding="utf-8")
        self.stdout.write(
            f"{result.entry_count} entries, unbroken. End: {result.head_hash or '-'}"
        )

    def _compare_with_export(self, path: Path) -> None:
        try:
            head = parse_stored_head(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            message = f"{path} is not an exported head of the chain: {error!r}"
            raise CommandError(message) from error
        if not head.is_in_chain():
            message = (
                f"The chain does not match the head at position {head.position}, "
                f"exported on {head.exported_at}."
            )
            raise CommandError(message)
