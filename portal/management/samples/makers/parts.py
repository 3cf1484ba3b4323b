"""What samples of several kinds have in common."""

from random import Random

from portal.management.samples.plan import Sample
from portal.management.samples.scene import Land, Scene
from portal.people.models import Person
from portal.publishing.bulk import Draft
from portal.publishing.choices import Confidence
from portal.publishing.models import Publishable

_GIVEN = ("Aung", "Dara", "Erlinda", "Joao", "Khamla", "Linh", "Nur", "Preeda", "Wei")
_FAMILY = ("Abdullah", "Chea", "Li", "Ocampo", "Pinto", "Saetang", "Siregar", "Tran")


def drafted(sample: Sample, record: Publishable, chance: Random, **hanging) -> Draft:
    """The draft of ``record``, with one or two addresses under a reserved name."""
    record.is_sample = True
    record.confidence = chance.choice([*Confidence.values, ""])
    address = source_of(sample)
    more = [f"{address}report/"] if chance.random() < 0.3 else []
    return Draft(record, sample.at, sources=[address, *more], **hanging)


def source_of(sample: Sample) -> str:
    """An address that tells whose sample it is; nothing answers there."""
    return f"https://www.example.org/sample/{sample.seed}/{sample.code}/"


def some_places(chance: Random, land: Land) -> list[int]:
    most = min(len(land.places), 2)
    if not most or chance.random() < 0.15:
        return []
    return chance.sample(land.places, chance.randint(1, most))


def some_lands(chance: Random, scene: Scene, most: int) -> list[Land]:
    lands = scene.others
    return chance.sample(lands, min(len(lands), chance.randint(1, most)))


def person(sample: Sample, scene: Scene, chance: Random, land: Land) -> Person:
    """An invented person, whose name says so."""
    return Person(
        name_latin=f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)} (sample)",
        country_id=land.pk,
        **signed(sample, scene),
    )


def signed(sample: Sample, scene: Scene) -> dict:
    """The stamp of a row that is not published itself."""
    return {
        "created_by": scene.by,
        "updated_by": scene.by,
        "created_at": sample.at,
        "updated_at": sample.at,
    }
