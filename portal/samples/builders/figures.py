import datetime as dt

from portal.content.figures.choices import FigureQualifier, FigureSubject
from portal.content.figures.models import ReportedFigure
from portal.content.publishing.bulk_publishing import NewRecord
from portal.content.publishing.choices import Precision
from portal.samples.builders.shared import build_new_record, random_countries
from portal.samples.context import SampleContext
from portal.samples.plan import Sample
from portal.samples.text_generator import TextGenerator


def build_figure(sample: Sample, context: SampleContext) -> NewRecord:
    rng = sample.rng()
    country = random_countries(rng, context, 1)[0]
    year, value = rng.randint(2006, 2025), rng.randint(2, 60)
    qualifier = FigureQualifier(rng.choice(FigureQualifier.values))
    is_number = qualifier != FigureQualifier.A_NUMBER_OF
    record = ReportedFigure(
        key=sample.code,
        value=value if is_number else None,
        qualifier=qualifier,
        country_id=rng.choice([None, country.pk]),
        as_of=dt.date(year, 12, 31),
        precision=Precision.YEAR,
        subject=rng.choice(FigureSubject.values),
        **TextGenerator(rng, country).phrase("text", "figure", n=value, y=year),
    )
    organs = context.random_organs(rng, sample.available_counts["organ"], chinese=True)
    return build_new_record(sample, record, rng, links={"organs": organs})
