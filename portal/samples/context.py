"""Records that samples can reference: countries, places, topics and earlier samples."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.registry import get_kind
from portal.content.publishing.choices import Status
from portal.core.languages import LANGUAGES_BY_CODE
from portal.reference.directory.models import Country, Place, Topic
from portal.samples.plan import MAX_REFERENCED, sample_code


@dataclass(frozen=True)
class SampleCountry:
    """A published country, its names by language, and primary keys of its places."""

    pk: int
    iso2: str
    names: dict[str, str]
    places: tuple[int, ...]

    def name_in(self, code: str) -> str:
        return self.names.get(code) or self.names.get("en") or self.iso2


@dataclass
class SampleContext:
    """Records that the sample builders can reference.

    ``actor`` is the user who creates the samples. ``countries`` are by ISO 3166 alpha-2
    code; ``topics`` maps topic keys to primary keys; ``pks`` maps kind and sample
    number to the primary key of a sample that can be referenced.
    """

    actor: object
    countries: dict[str, SampleCountry]
    topics: dict[str, int]
    pks: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def china(self) -> SampleCountry:
        return self.countries["CN"]

    @property
    def other_countries(self) -> list[SampleCountry]:
        return [country for iso2, country in self.countries.items() if iso2 != "CN"]

    def topic_pks(self, keys: Iterable[str]) -> list[int]:
        return [self.topics[key] for key in keys if key in self.topics]

    def random_organs(self, rng: Random, before: int, *, chinese: bool) -> list[int]:
        """Return the primary keys of one or two of the first ``before`` sample organs.

        The organs are Chinese (odd numbers) or not (even numbers). Returns [] if there
        are none.
        """
        numbers = range(1 if chinese else 2, before + 1, 2)
        chosen = rng.sample(numbers, min(len(numbers), rng.randint(1, 2)))
        return [self.pks["organ"][number] for number in chosen]

    def random_pk(self, rng: Random, kind: str, before: int) -> int | None:
        """Return the primary key of one of the first ``before`` samples of ``kind``.

        Returns None if there is none.
        """
        number = rng.randint(1, before) if before else 0
        return self.pks[kind].get(number)


def load_sample_context(actor) -> SampleContext:
    """Load the context from the database; ``actor`` creates the samples.

    ``countries`` is empty if no country is published.
    """
    places_by_country = defaultdict(list)
    rows = Place.objects.order_by("key").values_list("country_id", "pk")
    for country, pk in rows:
        places_by_country[country].append(pk)
    countries = {
        country.iso2: SampleCountry(
            country.pk,
            country.iso2,
            {
                code: getattr(country, build_localized_fieldname("name", code))
                for code in LANGUAGES_BY_CODE
            },
            tuple(places_by_country[country.pk]),
        )
        for country in Country.objects.filter(status=Status.PUBLISHED).order_by("iso2")
    }
    context = SampleContext(
        actor, countries, dict(Topic.objects.values_list("key", "pk"))
    )
    for kind in ("organ", "edition", "document", "mechanism", "meeting"):
        model = get_kind(kind).model
        codes = {sample_code(kind, n): n for n in range(1, MAX_REFERENCED + 1)}
        samples = model.objects.filter(is_sample=True).filter(
            **{f"{model.code_field}__in": list(codes)}
        )
        for code, pk in samples.values_list(model.code_field, "pk"):
            context.pks[kind][codes[str(code)]] = pk
    return context
