import datetime as dt

from portal.figures.choices import FigureQualifier, Subject
from portal.figures.models import ReportedFigure
from portal.management.samples.makers.parts import drafted, some_lands
from portal.management.samples.plan import Sample
from portal.management.samples.scene import Scene
from portal.management.samples.words import Writer
from portal.publishing.bulk import Draft
from portal.publishing.choices import Precision


def figure(sample: Sample, scene: Scene) -> Draft:
    chance = sample.chance()
    land = some_lands(chance, scene, 1)[0]
    year, value = chance.randint(2006, 2025), chance.randint(2, 60)
    qualifier = FigureQualifier(chance.choice(FigureQualifier.values))
    is_number = qualifier != FigureQualifier.A_NUMBER_OF
    record = ReportedFigure(
        key=sample.code,
        value=value if is_number else None,
        qualifier=qualifier,
        country_id=chance.choice([None, land.pk]),
        as_of=dt.date(year, 12, 31),
        precision=Precision.YEAR,
        subject=chance.choice(Subject.values),
        **Writer(chance, land).text("text", "figure", n=value, y=year),
    )
    organs = scene.organs(chance, sample.before["organ"], chinese=True)
    return drafted(sample, record, chance, links={"organs": organs})
