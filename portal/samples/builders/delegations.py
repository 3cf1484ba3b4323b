from random import Random

from delegations.choices import Direction, PurposeKind
from delegations.models import Member, Stop, Visit
from portal.content.publishing.bulk_publishing import NewRecord
from portal.content.publishing.choices import Scope
from portal.samples import dates
from portal.samples.builders.shared import (
    build_new_record,
    build_person,
    random_places,
    timestamp_fields,
)
from portal.samples.context import SampleContext, SampleCountry
from portal.samples.plan import Sample
from portal.samples.text_generator import TextGenerator


def build_visit(sample: Sample, context: SampleContext) -> NewRecord:
    rng = sample.rng()
    other_country = rng.choice(context.other_countries)
    is_inbound = rng.random() < 0.6
    origin, destination = (
        (other_country, context.china) if is_inbound else (context.china, other_country)
    )
    texts = TextGenerator(rng, other_country, is_named=False)
    organs = sample.available_counts["organ"]
    record = Visit(
        code=sample.code,
        direction=Direction.INBOUND if is_inbound else Direction.OUTBOUND,
        scope=Scope.PROSECUTORS if rng.random() < 0.85 else Scope.RELATED,
        purpose_kind=rng.choice([*PurposeKind.values, ""]),
        from_country_id=origin.pk,
        to_country_id=destination.pk,
        head_count=rng.choice([None, rng.randint(3, 25)]),
        **_outcome_fields(sample, context, rng),
        **dates.random_event_fields(rng),
        **(texts.phrase("title", "visit") if rng.random() < 0.3 else {}),
        **texts.phrase("purpose", "visit"),
        **texts.paragraph("summary", 2),
    )
    return build_new_record(
        sample,
        record,
        rng,
        links={
            "from_organs": context.random_organs(rng, organs, chinese=not is_inbound),
            "to_organs": context.random_organs(rng, organs, chinese=is_inbound),
            "places": random_places(rng, destination),
            "topics": context.topic_pks(texts.topics),
        },
        child_rows=[
            *_build_stops(record, rng, destination, texts),
            *_build_members(sample, context, record, rng, origin),
        ],
    )


def _outcome_fields(sample: Sample, context: SampleContext, rng: Random) -> dict:
    return {
        f"{field}_id": context.random_pk(rng, kind, sample.available_counts[kind])
        for field, kind in (("meeting", "meeting"), ("outcome_document", "document"))
        if rng.random() < 0.05
    }


def _build_stops(
    record: Visit, rng: Random, country: SampleCountry, texts: TextGenerator
) -> list[Stop]:
    if rng.random() > 0.2:
        return []
    return [
        Stop(
            visit=record,
            position=position,
            place_id=next(iter(random_places(rng, country)), None),
            **texts.phrase("activity", "stop"),
        )
        for position in range(rng.randint(1, 3))
    ]


def _build_members(
    sample: Sample,
    context: SampleContext,
    record: Visit,
    rng: Random,
    country: SampleCountry,
) -> list:
    if rng.random() > 0.1:
        return []
    people = [
        build_person(sample, context, rng, country) for _ in range(rng.randint(1, 3))
    ]
    members = [
        Member(
            visit=record,
            person=person,
            is_head=position == 0,
            **timestamp_fields(sample, context),
        )
        for position, person in enumerate(people)
    ]
    return [*people, *members]
