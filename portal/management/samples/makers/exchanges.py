from random import Random

from exchanges.choices import MechanismKind, MechanismState
from exchanges.models import AgendaItem, AgreedAction, Mechanism, Meeting
from portal.management.samples import dates
from portal.management.samples.makers.parts import drafted, some_places
from portal.management.samples.plan import STANDING, Sample
from portal.management.samples.scene import Scene
from portal.management.samples.words import Writer
from portal.publishing.bulk import Draft

# The first meetings are those of a series: so many of each mechanism.
_IN_SERIES = 20


def mechanism(sample: Sample, scene: Scene) -> Draft:
    chance = sample.chance()
    other = chance.choice(scene.others)
    writer = Writer(chance, other)
    since, precision = dates.day(chance)
    organs = sample.before["organ"]
    record = Mechanism(
        key=sample.code,
        mechanism_kind=chance.choice(MechanismKind.values),
        other_country_id=other.pk,
        since=since,
        date_precision=precision,
        rhythm_months=chance.choice([None, 6, 12]),
        legal_basis_id=scene.one(chance, "document", sample.before["document"]),
        state=chance.choice([*MechanismState.values, ""]),
        **writer.text("name", "mechanism"),
    )
    return drafted(
        sample,
        record,
        chance,
        links={
            "side_a_organs": scene.organs(chance, organs, chinese=True),
            "side_b_organs": scene.organs(chance, organs, chinese=False),
        },
    )


def meeting(sample: Sample, scene: Scene) -> Draft:
    chance = sample.chance()
    other = chance.choice(scene.others)
    host = chance.choice([scene.china, other])
    writer = Writer(chance, other, is_named=False)
    organs = sample.before["organ"]
    record = Meeting(
        code=sample.code,
        host_country_id=host.pk,
        other_country_id=other.pk,
        **_series(sample, scene, chance),
        **dates.event(chance),
        **(writer.text("title", "meeting") if chance.random() < 0.6 else {}),
        **writer.running("outcome", 2, joint="\n"),
    )
    return drafted(
        sample,
        record,
        chance,
        links={
            "places": some_places(chance, host),
            "organs_cn": scene.organs(chance, organs, chinese=True),
            "organs_other": scene.organs(chance, organs, chinese=False),
            "topics": scene.topic_pks(writer.topics),
        },
        parts=_talks(record, chance, Writer(chance, other)),
    )


def _series(sample: Sample, scene: Scene, chance: Random) -> dict:
    """The first have their number in a series, later ones at most its mechanism."""
    turn, place = divmod(sample.number - 1, STANDING["mechanism"])
    if turn < _IN_SERIES and place + 1 <= sample.before["mechanism"]:
        pk = scene.pks["mechanism"][place + 1]
        return {"mechanism_id": pk, "series_number": turn + 1}
    if turn < _IN_SERIES or chance.random() > 0.25:
        return {}
    pk = scene.one(chance, "mechanism", sample.before["mechanism"])
    return {"mechanism_id": pk}


def _talks(record: Meeting, chance: Random, writer: Writer) -> list:
    if chance.random() > 0.3:
        return []
    items = [
        AgendaItem(meeting=record, position=position, **writer.subjects("text"))
        for position in range(chance.randint(1, 3))
    ]
    return [*items, AgreedAction(meeting=record, **writer.running("text", 1))]
