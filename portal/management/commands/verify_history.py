"""Verify the audit log from its beginning, and export the end of its chain."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.history.chain import verify
from portal.history.erasures import values_lost_without_erasure
from portal.history.models import Deed
from portal.publishing.verification import missing_contributions, unexplained_records


class Command(BaseCommand):
    help = (
        "Verify that no entry of the history was changed, removed or put in between, "
        "and that the entries explain what is published, which personal values are "
        "gone, and who contributed to what is not published."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--export",
            type=Path,
            help="Write the end of the chain with today's date to this file (JSON).",
        )
        parser.add_argument(
            "--against",
            type=Path,
            help="An end exported before: the chain must still go through it.",
        )

    def handle(self, *args, export, against, **options):
        found = verify()
        problems = [
            *values_lost_without_erasure(found),
            *unexplained_records(),
            *missing_contributions(),
        ]
        if found.broken_at is not None:
            broken = f"Broken at position {found.broken_at}: {found.reason}"
            problems.insert(0, broken)
        if problems:
            raise CommandError("\n".join(problems))
        if against:
            self._compare(against)
        if export:
            told = {
                "position": found.deeds,
                "hash": found.hash,
                "exported_at": timezone.now().isoformat(timespec="seconds"),
            }
            export.write_text(json.dumps(told) + "\n", encoding="utf-8")
        self.stdout.write(f"{found.deeds} entries, unbroken. End: {found.hash or '-'}")

    def _compare(self, path: Path) -> None:
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            position, wanted = int(told["position"]), str(told["hash"])
        except (OSError, ValueError, KeyError, TypeError) as problem:
            message = f"{path} is no exported end of the history: {problem!r}"
            raise CommandError(message) from problem
        deed = Deed.objects.filter(position=position).first()
        if position and (deed is None or deed.hash != wanted):
            message = (
                f"The chain no longer goes through position {position} as exported on "
                f"{told.get('exported_at', 'an unknown day')}."
            )
            raise CommandError(message)
