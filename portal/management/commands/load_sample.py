"""Load invented records for demonstrations and measurements, or remove them."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.management.progress import ProgressBar
from portal.samples import loading
from portal.samples.plan import MAX_RECORDS

_PRODUCTION_MESSAGE = (
    "This is a production portal. Samples would appear on its pages, in its statistics "
    "and in its API, marked as invented. Add --yes-in-production to load them anyway."
)


class Command(BaseCommand):
    help = (
        "Load invented records, marked as samples, in twelve languages; or remove them."
    )

    def add_arguments(self, parser):
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument("--records", type=int, help="Total number of samples.")
        group.add_argument("--remove", action="store_true", help="Remove all samples.")
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            help="Seed of the random generator; another seed gives other texts.",
        )
        parser.add_argument("--yes-in-production", action="store_true")

    def handle(self, *, records, remove, seed, yes_in_production, **options):
        if remove:
            self._remove()
            return
        if settings.IS_PRODUCTION and not yes_in_production:
            raise CommandError(_PRODUCTION_MESSAGE)
        if not 1 <= records <= MAX_RECORDS:
            message = f"--records must be between 1 and {MAX_RECORDS}."
            raise CommandError(message)
        self._load(records, seed)

    def _load(self, records: int, seed: int) -> None:
        bar = ProgressBar(self.stderr, records)
        try:
            created = loading.load_samples(
                records=records, seed=seed, advance=bar.advance
            )
        except loading.MissingCountriesError:
            message = (
                "China and another country must be published. Run load_record first."
            )
            raise CommandError(message) from None
        except loading.SeedMismatchError as error:
            message = (
                f"The database has samples of seed {error}. Run load_sample --remove "
                "first."
            )
            raise CommandError(message) from None
        bar.finish()
        self.stdout.write(
            f"{created} samples loaded, {records - created} existed already."
        )

    def _remove(self) -> None:
        bar = ProgressBar(self.stderr, loading.count_samples())
        try:
            removed = loading.remove_samples(
                at=timezone.now(),
                announce_withdrawal=settings.IS_PRODUCTION,
                advance=bar.advance,
            )
        except loading.SamplesInUseError as used:
            message = f"Nothing was removed: these records reference samples: {used}."
            raise CommandError(message) from None
        bar.finish()
        self.stdout.write(f"{removed} samples removed.")
