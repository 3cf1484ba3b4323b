"""Functions shared by the builders of samples."""

from random import Random

from portal.content.publishing.bulk_publishing import NewRecord
from portal.content.publishing.choices import Confidence
from portal.content.publishing.models import Publishable
from portal.reference.people.models import Person
from portal.samples.context import SampleContext, SampleCountry
from portal.samples.plan import Sample

_GIVEN_NAMES = (
    "Aung",
    "Dara",
    "Erlinda",
    "Joao",
    "Khamla",
    "Linh",
    "Nur",
    "Preeda",
    "Wei",
)
_FAMILY_NAMES = (
    "Abdullah",
    "Chea",
    "Li",
    "Ocampo",
    "Pinto",
    "Saetang",
    "Siregar",
    "Tran",
)


def build_new_record(
    sample: Sample, record: Publishable, rng: Random, **related
) -> NewRecord:
    """Build a new record marked as a sample, with one or two source URLs.

    The URLs are under example.org, a reserved domain. ``related`` are the other fields
    of ``NewRecord``: links and child rows.
    """
    record.is_sample = True
    record.confidence = rng.choice([*Confidence.values, ""])
    url = sample_source_url(sample)
    more_urls = [f"{url}report/"] if rng.random() < 0.3 else []
    return NewRecord(record, sample.at, sources=[url, *more_urls], **related)


def sample_source_url(sample: Sample) -> str:
    """Return a source URL with the seed and code of a sample; no such page exists."""
    return f"https://www.example.org/sample/{sample.seed}/{sample.code}/"


def random_places(rng: Random, country: SampleCountry) -> list[int]:
    limit = min(len(country.places), 2)
    if not limit or rng.random() < 0.15:
        return []
    return rng.sample(country.places, rng.randint(1, limit))


def random_countries(
    rng: Random, context: SampleContext, limit: int
) -> list[SampleCountry]:
    countries = context.other_countries
    return rng.sample(countries, min(len(countries), rng.randint(1, limit)))


def build_person(
    sample: Sample, context: SampleContext, rng: Random, country: SampleCountry
) -> Person:
    """Build an unsaved person with an invented name that ends with "(sample)"."""
    return Person(
        name_latin=f"{rng.choice(_GIVEN_NAMES)} {rng.choice(_FAMILY_NAMES)} (sample)",
        country_id=country.pk,
        **timestamp_fields(sample, context),
    )


def timestamp_fields(sample: Sample, context: SampleContext) -> dict:
    """Return the created and updated fields of a row that is not itself publishable."""
    return {
        "created_by": context.actor,
        "updated_by": context.actor,
        "created_at": sample.at,
        "updated_at": sample.at,
    }
