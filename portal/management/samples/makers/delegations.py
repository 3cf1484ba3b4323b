from random import Random

from delegations.choices import Direction, PurposeKind
from delegations.models import Member, Stop, Visit
from portal.management.samples import dates
from portal.management.samples.makers.parts import (
    drafted,
    person,
    signed,
    some_places,
)
from portal.management.samples.plan import Sample
from portal.management.samples.scene import Land, Scene
from portal.management.samples.words import Writer
from portal.publishing.bulk import Draft
from portal.publishing.choices import Scope


def visit(sample: Sample, scene: Scene) -> Draft:
    chance = sample.chance()
    other = chance.choice(scene.others)
    is_inbound = chance.random() < 0.6
    origin, goal = (other, scene.china) if is_inbound else (scene.china, other)
    writer = Writer(chance, other, is_named=False)
    organs = sample.before["organ"]
    record = Visit(
        code=sample.code,
        direction=Direction.INBOUND if is_inbound else Direction.OUTBOUND,
        scope=Scope.PROSECUTORS if chance.random() < 0.85 else Scope.RELATED,
        purpose_kind=chance.choice([*PurposeKind.values, ""]),
        from_country_id=origin.pk,
        to_country_id=goal.pk,
        head_count=chance.choice([None, chance.randint(3, 25)]),
        **_outcomes(sample, scene, chance),
        **dates.event(chance),
        **(writer.text("title", "visit") if chance.random() < 0.3 else {}),
        **writer.text("purpose", "visit"),
        **writer.running("summary", 2),
    )
    return drafted(
        sample,
        record,
        chance,
        links={
            "from_organs": scene.organs(chance, organs, chinese=not is_inbound),
            "to_organs": scene.organs(chance, organs, chinese=is_inbound),
            "places": some_places(chance, goal),
            "topics": scene.topic_pks(writer.topics),
        },
        parts=[
            *_stops(record, chance, goal, writer),
            *_members(sample, scene, record, chance, origin),
        ],
    )


def _outcomes(sample: Sample, scene: Scene, chance: Random) -> dict:
    return {
        f"{field}_id": scene.one(chance, kind, sample.before[kind])
        for field, kind in (("meeting", "meeting"), ("outcome_document", "document"))
        if chance.random() < 0.05
    }


def _stops(record: Visit, chance: Random, land: Land, writer: Writer) -> list[Stop]:
    if chance.random() > 0.2:
        return []
    return [
        Stop(
            visit=record,
            position=position,
            place_id=next(iter(some_places(chance, land)), None),
            **writer.text("activity", "stop"),
        )
        for position in range(chance.randint(1, 3))
    ]


def _members(
    sample: Sample, scene: Scene, record: Visit, chance: Random, land: Land
) -> list:
    if chance.random() > 0.1:
        return []
    people = [person(sample, scene, chance, land) for _ in range(chance.randint(1, 3))]
    members = [
        Member(
            visit=record,
            person=one,
            is_head=position == 0,
            **signed(sample, scene),
        )
        for position, one in enumerate(people)
    ]
    return [*people, *members]
