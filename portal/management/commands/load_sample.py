"""Invented records, for demonstrations and measurements; and away with them."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.management.progress import ProgressBar
from portal.management.samples import loading
from portal.management.samples.plan import MOST

_REFUSED = (
    "This portal runs in production. Samples show on its pages, in its figures and its "
    "API, marked as invented. Say --yes-in-production if that is meant."
)


class Command(BaseCommand):
    help = "Load invented records in twelve languages, marked as samples."

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--records", type=int, help="How many, in all.")
        what.add_argument("--remove", action="store_true", help="Remove all samples.")
        parser.add_argument("--seed", type=int, default=1, help="Another: other words.")
        parser.add_argument("--yes-in-production", action="store_true")

    def handle(self, *, records, remove, seed, yes_in_production, **options):
        if remove:
            self._remove()
            return
        if settings.IS_PRODUCTION and not yes_in_production:
            raise CommandError(_REFUSED)
        if not 1 <= records <= MOST:
            message = f"Ask for 1 to {MOST} records."
            raise CommandError(message)
        self._load(records, seed)

    def _load(self, records: int, seed: int) -> None:
        bar = ProgressBar(self.stderr, records)
        try:
            made = loading.load(records=records, seed=seed, advance=bar.advance)
        except loading.NoCountries:
            message = "There are no countries. Say load_record first."
            raise CommandError(message) from None
        except loading.OtherSeed as other:
            message = f"There are samples of seed {other}. Say --remove first."
            raise CommandError(message) from None
        bar.end()
        self.stdout.write(f"{made} samples loaded, {records - made} were there.")

    def _remove(self) -> None:
        bar = ProgressBar(self.stderr, loading.count())
        try:
            removed = loading.remove(
                at=timezone.now(),
                tells_readers=settings.IS_PRODUCTION,
                advance=bar.advance,
            )
        except loading.InUse as used:
            message = f"Not removed: these point to samples: {used}."
            raise CommandError(message) from None
        bar.end()
        self.stdout.write(f"{removed} samples removed.")
