from random import Random

from exchanges.choices import MechanismKind, MechanismState
from exchanges.models import AgendaItem, AgreedAction, Mechanism, Meeting
from portal.content.publishing.bulk_publishing import NewRecord
from portal.samples import dates
from portal.samples.builders.shared import build_new_record, random_places
from portal.samples.context import SampleContext
from portal.samples.plan import FIXED_COUNTS, Sample
from portal.samples.text_generator import TextGenerator

# Number of meetings in the series of each mechanism; the first samples belong to these.
_MEETINGS_PER_SERIES = 20


def build_mechanism(sample: Sample, context: SampleContext) -> NewRecord:
    rng = sample.rng()
    other_country = rng.choice(context.other_countries)
    texts = TextGenerator(rng, other_country)
    since, precision = dates.random_date(rng)
    organs = sample.available_counts["organ"]
    record = Mechanism(
        key=sample.code,
        mechanism_kind=rng.choice(MechanismKind.values),
        other_country_id=other_country.pk,
        since=since,
        date_precision=precision,
        rhythm_months=rng.choice([None, 6, 12]),
        legal_basis_id=context.random_pk(
            rng, "document", sample.available_counts["document"]
        ),
        state=rng.choice([*MechanismState.values, ""]),
        **texts.phrase("name", "mechanism"),
    )
    return build_new_record(
        sample,
        record,
        rng,
        links={
            "side_a_organs": context.random_organs(rng, organs, chinese=True),
            "side_b_organs": context.random_organs(rng, organs, chinese=False),
        },
    )


def build_meeting(sample: Sample, context: SampleContext) -> NewRecord:
    rng = sample.rng()
    other_country = rng.choice(context.other_countries)
    host = rng.choice([context.china, other_country])
    texts = TextGenerator(rng, other_country, is_named=False)
    organs = sample.available_counts["organ"]
    record = Meeting(
        code=sample.code,
        host_country_id=host.pk,
        other_country_id=other_country.pk,
        **_series_fields(sample, context, rng),
        **dates.random_event_fields(rng),
        **(texts.phrase("title", "meeting") if rng.random() < 0.6 else {}),
        **texts.paragraph("outcome", 2, separator="\n"),
    )
    return build_new_record(
        sample,
        record,
        rng,
        links={
            "places": random_places(rng, host),
            "organs_cn": context.random_organs(rng, organs, chinese=True),
            "organs_other": context.random_organs(rng, organs, chinese=False),
            "topics": context.topic_pks(texts.topics),
        },
        child_rows=_build_agenda(record, rng, TextGenerator(rng, other_country)),
    )


def _series_fields(sample: Sample, context: SampleContext, rng: Random) -> dict:
    """Return mechanism and series number of a meeting, if it has any.

    The first samples get a number in the series of a mechanism; later samples get at
    most a mechanism.
    """
    round_number, place = divmod(sample.number - 1, FIXED_COUNTS["mechanism"])
    if (
        round_number < _MEETINGS_PER_SERIES
        and place + 1 <= sample.available_counts["mechanism"]
    ):
        pk = context.pks["mechanism"][place + 1]
        return {"mechanism_id": pk, "series_number": round_number + 1}
    if round_number < _MEETINGS_PER_SERIES or rng.random() > 0.25:
        return {}
    pk = context.random_pk(rng, "mechanism", sample.available_counts["mechanism"])
    return {"mechanism_id": pk}


def _build_agenda(record: Meeting, rng: Random, texts: TextGenerator) -> list:
    if rng.random() > 0.3:
        return []
    items = [
        AgendaItem(meeting=record, position=position, **texts.subjects("text"))
        for position in range(rng.randint(1, 3))
    ]
    return [*items, AgreedAction(meeting=record, **texts.paragraph("text", 1))]
