import datetime as dt
from decimal import Decimal
from random import Random

from portal.content.publishing.bulk_publishing import NewRecord
from portal.content.publishing.choices import Precision, Scope
from portal.samples import dates
from portal.samples.builders.shared import (
    build_new_record,
    build_person,
    random_countries,
    random_places,
    timestamp_fields,
)
from portal.samples.context import SampleContext, SampleCountry
from portal.samples.plan import Sample
from portal.samples.text_generator import TextGenerator
from seminars.choices import Audience, SessionKind, TrainingResult
from seminars.models import Participant, Seminar, Session, TrainingRecord


def build_seminar(sample: Sample, context: SampleContext) -> NewRecord:
    rng = sample.rng()
    countries = random_countries(rng, context, 5)
    texts = TextGenerator(rng, countries[0])
    organs = sample.available_counts["organ"]
    record = Seminar(
        code=sample.code,
        scope=Scope.PROSECUTORS if rng.random() < 0.85 else Scope.RELATED,
        audience=rng.choice([*Audience.values, ""]),
        reported_participants=rng.choice([None, rng.randint(8, 90)]),
        hours=rng.choice([None, Decimal(rng.randint(2, 80)) / 2]),
        instruction_languages=rng.choice([[], ["en"], ["zh", "en"]]),
        **dates.random_event_fields(rng),
        **texts.phrase("title", rng.choice(["seminar", "course"])),
        **texts.paragraph("summary", 2),
        **(texts.paragraph("body", 4) if rng.random() < 0.5 else {}),
        **texts.subjects("subjects"),
    )
    return build_new_record(
        sample,
        record,
        rng,
        links={
            "participating_countries": [country.pk for country in countries],
            "places": random_places(rng, context.china),
            "organiser_organs": context.random_organs(rng, organs, chinese=True),
            "topics": context.topic_pks(texts.topics),
        },
        child_rows=[
            *_build_sessions(record, rng, texts),
            *_build_participants(sample, context, record, rng, countries[0]),
        ],
    )


def _build_sessions(
    record: Seminar, rng: Random, texts: TextGenerator
) -> list[Session]:
    if record.date_precision != Precision.DAY or rng.random() > 0.3:
        return []
    # 01:00 UTC is 09:00 in China.
    opening = dt.datetime.combine(record.starts_on, dt.time(1), dt.UTC)
    sessions = [
        Session(
            seminar=record,
            session_kind=SessionKind.OPENING,
            starts_at=opening,
            ends_at=opening + dt.timedelta(minutes=30),
            **texts.phrase("title", "opening"),
        )
    ]
    for position in range(1, rng.randint(2, 4)):
        starts_at = opening + dt.timedelta(hours=2 * position - 1)
        sessions.append(
            Session(
                seminar=record,
                position=position,
                starts_at=starts_at,
                ends_at=starts_at + dt.timedelta(minutes=90),
                **texts.subjects("title"),
                **texts.phrase("speaker_office", "office"),
            )
        )
    return sessions


def _build_participants(
    sample: Sample,
    context: SampleContext,
    record: Seminar,
    rng: Random,
    country: SampleCountry,
) -> list:
    if rng.random() > 0.2:
        return []
    stamp = timestamp_fields(sample, context)
    people = [
        build_person(sample, context, rng, country) for _ in range(rng.randint(1, 3))
    ]
    participants = [
        Participant(seminar=record, person=person, **stamp) for person in people
    ]
    training_records = [
        TrainingRecord(
            participant=participant,
            result=rng.choice([*TrainingResult.values, ""]),
            **stamp,
        )
        for participant in participants
    ]
    return [*people, *participants, *training_records]
