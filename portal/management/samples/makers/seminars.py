import datetime as dt
from decimal import Decimal
from random import Random

from portal.management.samples import dates
from portal.management.samples.makers.parts import (
    drafted,
    person,
    signed,
    some_lands,
    some_places,
)
from portal.management.samples.plan import Sample
from portal.management.samples.scene import Land, Scene
from portal.management.samples.words import Writer
from portal.publishing.bulk import Draft
from portal.publishing.choices import Precision, Scope
from seminars.choices import Audience, SessionKind, TrainingResult
from seminars.models import Participant, Seminar, Session, TrainingRecord


def seminar(sample: Sample, scene: Scene) -> Draft:
    chance = sample.chance()
    lands = some_lands(chance, scene, 5)
    writer = Writer(chance, lands[0])
    organs = sample.before["organ"]
    record = Seminar(
        code=sample.code,
        scope=Scope.PROSECUTORS if chance.random() < 0.85 else Scope.RELATED,
        audience=chance.choice([*Audience.values, ""]),
        reported_participants=chance.choice([None, chance.randint(8, 90)]),
        hours=chance.choice([None, Decimal(chance.randint(2, 80)) / 2]),
        instruction_languages=chance.choice([[], ["en"], ["zh", "en"]]),
        **dates.event(chance),
        **writer.text("title", chance.choice(["seminar", "course"])),
        **writer.running("summary", 2),
        **(writer.running("body", 4) if chance.random() < 0.5 else {}),
        **writer.subjects("subjects"),
    )
    return drafted(
        sample,
        record,
        chance,
        links={
            "participating_countries": [land.pk for land in lands],
            "places": some_places(chance, scene.china),
            "organiser_organs": scene.organs(chance, organs, chinese=True),
            "topics": scene.topic_pks(writer.topics),
        },
        parts=[
            *_sessions(record, chance, writer),
            *_participants(sample, scene, record, chance, lands[0]),
        ],
    )


def _sessions(record: Seminar, chance: Random, writer: Writer) -> list[Session]:
    if record.date_precision != Precision.DAY or chance.random() > 0.3:
        return []
    # Nine in the morning in China.
    opening = dt.datetime.combine(record.starts_on, dt.time(1), dt.UTC)
    sessions = [
        Session(
            seminar=record,
            session_kind=SessionKind.OPENING,
            starts_at=opening,
            ends_at=opening + dt.timedelta(minutes=30),
            **writer.text("title", "opening"),
        )
    ]
    for position in range(1, chance.randint(2, 4)):
        starts_at = opening + dt.timedelta(hours=2 * position - 1)
        sessions.append(
            Session(
                seminar=record,
                position=position,
                starts_at=starts_at,
                ends_at=starts_at + dt.timedelta(minutes=90),
                **writer.subjects("title"),
                **writer.text("speaker_office", "office"),
            )
        )
    return sessions


def _participants(
    sample: Sample, scene: Scene, record: Seminar, chance: Random, land: Land
) -> list:
    if chance.random() > 0.2:
        return []
    stamp = signed(sample, scene)
    people = [person(sample, scene, chance, land) for _ in range(chance.randint(1, 3))]
    participants = [Participant(seminar=record, person=one, **stamp) for one in people]
    trained = [
        TrainingRecord(
            participant=one,
            result=chance.choice([*TrainingResult.values, ""]),
            **stamp,
        )
        for one in participants
    ]
    return [*people, *participants, *trained]
