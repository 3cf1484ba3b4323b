from portal.directory.choices import Level
from portal.directory.models import Organ
from portal.management.samples import dates
from portal.management.samples.makers.parts import drafted
from portal.management.samples.plan import Sample
from portal.management.samples.scene import Scene
from portal.management.samples.words import Writer
from portal.publishing.bulk import Draft


def organ(sample: Sample, scene: Scene) -> Draft:
    """Every second one is Chinese; the others go round the other countries."""
    chance, number = sample.chance(), sample.number
    others = scene.others
    is_chinese = number % 2 == 1 or not others
    land = scene.china if is_chinese else others[number // 2 % len(others)]
    established_on, precision = dates.day(chance)
    record = Organ(
        key=sample.code,
        country_id=land.pk,
        level=chance.choice(Level.values),
        place_id=chance.choice(land.places) if land.places else None,
        established_on=established_on,
        date_precision=precision,
        display_order=500 + number,
        **Writer(chance, land).text("name", "organ", n=number),
    )
    return drafted(sample, record, chance)
