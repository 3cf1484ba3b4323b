from portal.content.publishing.bulk_publishing import NewRecord
from portal.reference.directory.choices import OrganLevel
from portal.reference.directory.models import Organ
from portal.samples import dates
from portal.samples.builders.shared import build_new_record
from portal.samples.context import SampleContext
from portal.samples.plan import Sample
from portal.samples.text_generator import TextGenerator


def build_organ(sample: Sample, context: SampleContext) -> NewRecord:
    """Build an organ: every second one Chinese, the rest from each country in turn."""
    rng, number = sample.rng(), sample.number
    other_countries = context.other_countries
    is_chinese = number % 2 == 1 or not other_countries
    country = (
        context.china
        if is_chinese
        else other_countries[number // 2 % len(other_countries)]
    )
    established_on, precision = dates.random_date(rng)
    record = Organ(
        key=sample.code,
        country_id=country.pk,
        level=rng.choice(OrganLevel.values),
        place_id=rng.choice(country.places) if country.places else None,
        established_on=established_on,
        date_precision=precision,
        display_order=500 + number,
        **TextGenerator(rng, country).phrase("name", "organ", n=number),
    )
    return build_new_record(sample, record, rng)
