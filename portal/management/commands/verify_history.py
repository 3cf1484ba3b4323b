"""Verify the audit log: its hash chain, and that it explains all published data.

The command can also export the head of the chain, or compare the chain with a head
that was exported before.
"""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.content.publishing.verification import (
    missing_contributions,
    unexplained_records,
)
from portal.core.audit.chain import verify_chain
from portal.core.audit.erasures import describe_unexplained_losses
from portal.core.audit.models import Deed


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
            export_data = {
                "position": result.entry_count,
                "hash": result.head_hash,
                "exported_at": timezone.now().isoformat(timespec="seconds"),
            }
            export.write_text(json.dumps(export_data) + "\n", encoding="utf-8")
        self.stdout.write(
            f"{result.entry_count} entries, unbroken. End: {result.head_hash or '-'}"
        )

    def _compare_with_export(self, path: Path) -> None:
        try:
            export_data = json.loads(path.read_text(encoding="utf-8"))
            position, expected_hash = (
                int(export_data["position"]),
                str(export_data["hash"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"{path} is not an exported head of the chain: {error!r}"
            raise CommandError(message) from error
        entry = Deed.objects.filter(position=position).first()
        if position and (entry is None or entry.hash != expected_hash):
            message = (
                f"The chain does not match the head at position {position}, exported "
                f"on {export_data.get('exported_at', 'an unknown day')}."
            )
            raise CommandError(message)
