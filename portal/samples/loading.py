"""Load sample records into the database, count them and remove them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db import connection, models, transaction
from django.utils import translation

from portal.content.catalogue.registry import all_kinds, get_kind
from portal.content.catalogue.search.schema import bulk_index_updates
from portal.content.publishing.bulk_publishing import bulk_publish, bulk_purge
from portal.content.publishing.links import get_link_relations
from portal.core.accounts.models import User
from portal.reference.directory.models import Organ
from portal.reference.people.models import Person
from portal.samples.builders import BUILDERS
from portal.samples.context import SampleContext, load_sample_context
from portal.samples.plan import CODE_FORMATS, MAX_REFERENCED, Sample, plan_samples

# Number of records that are built in memory and committed in one transaction.
CHUNK_SIZE = 1000
ACTOR = "samples"
ProgressCallback = Callable[[int], None]


class MissingCountriesError(Exception):
    """Raised unless China and at least one other country are published."""


class SeedMismatchError(Exception):
    """Raised if there are samples of another seed, which is ``args[0]``."""


class SamplesInUseError(Exception):
    """Raised if other records reference samples; ``args[0]`` lists these records."""


def load_samples(*, records: int, seed: int, advance: ProgressCallback) -> int:
    """Create and publish the first ``records`` samples of ``seed``.

    Samples that exist already are not changed. Each chunk is a transaction of its own,
    so an interrupted run continues when the command is run again. ``advance`` is called
    with the number of samples processed since the last call. Returns the number of new
    samples. Raises MissingCountriesError or SeedMismatchError.
    """
    context = load_sample_context(User.objects.get_system_user(ACTOR))
    if "CN" not in context.countries or not context.other_countries:
        raise MissingCountriesError
    existing = _existing_seed()
    if existing not in (None, str(seed)):
        raise SeedMismatchError(existing)
    created, samples = 0, plan_samples(records, seed)
    # modeltranslation fills the original column of a translated field from the active
    # language, and this column must have the English text.
    with translation.override("en"), bulk_index_updates(connection):
        while chunk := list(islice(samples, CHUNK_SIZE)):
            created += _load_chunk(chunk, context)
            advance(len(chunk))
    return created


def _existing_seed() -> str | None:
    """Return the seed of the samples in the database, or None if there are none.

    The seed is part of the source URL of each sample.
    """
    first = Organ.objects.filter(is_sample=True).order_by("pk").first()
    url = first.sources.values_list("url", flat=True).first() if first else None
    return url.split("/")[4] if url else None


@transaction.atomic
def _load_chunk(samples: Iterable[Sample], context: SampleContext) -> int:
    samples_by_kind = defaultdict(list)
    for sample in samples:
        samples_by_kind[sample.kind].append(sample)
    created = 0
    for kind in CODE_FORMATS:
        new = _missing_samples(kind, samples_by_kind[kind])
        drafts = [BUILDERS[kind](sample, context) for sample in new]
        bulk_publish(drafts, by=context.actor)
        created += len(drafts)
        for sample, draft in zip(new, drafts, strict=True):
            if sample.number <= MAX_REFERENCED:
                context.pks[kind][sample.number] = draft.record.pk
    return created


def _missing_samples(kind: str, samples: list[Sample]) -> list[Sample]:
    model = get_kind(kind).model
    lookup = {f"{model.code_field}__in": [sample.code for sample in samples]}
    existing = model.objects.filter(**lookup).values_list(model.code_field, flat=True)
    existing_codes = {str(code) for code in existing}
    return [sample for sample in samples if sample.code not in existing_codes]


@transaction.atomic
def remove_samples(
    *, at: dt.datetime, announce_withdrawal: bool, advance: ProgressCallback
) -> int:
    """Delete all samples and their dependent rows; return the number of samples.

    With ``announce_withdrawal`` the change feed gets a withdrawal of each sample.
    Raises SamplesInUseError, and deletes nothing, if another record references a
    sample.
    """
    referencing_records = list(_referencing_records())
    if referencing_records:
        raise SamplesInUseError(", ".join(referencing_records))
    removed, by = 0, User.objects.get_system_user(ACTOR)
    for kind in sorted(CODE_FORMATS):
        # Lock all samples before the first audit entry, in the common lock order.
        samples = get_kind(kind).model.objects.filter(is_sample=True)
        list(samples.locked_in_order().values_list("pk", flat=True))
    try:
        for kind in reversed(CODE_FORMATS):
            for chunk in _sample_chunks(get_kind(kind).model):
                bulk_purge(chunk, by=by, at=at, announce_withdrawal=announce_withdrawal)
                removed += len(chunk)
                advance(len(chunk))
        Person.objects.filter(created_by=by).delete()
    except models.ProtectedError as protected:
        referencing_records = {str(row) for row in protected.protected_objects}
        raise SamplesInUseError(", ".join(sorted(referencing_records)[:10])) from None
    return removed


def count_samples() -> int:
    """Return the number of samples in the database."""
    return sum(
        kind.model.objects.filter(is_sample=True).count() for kind in all_kinds()
    )


def _referencing_records() -> Iterator[str]:
    """Yield the codes of real records that link to samples, at most 10 per relation.

    Deleting the samples would delete these many-to-many links without an error.
    """
    for kind in all_kinds():
        for relation in get_link_relations(kind.model):
            if hasattr(relation.related_model, "is_sample"):
                lookup = {f"{relation.name}__is_sample": True}
                referencing = kind.model.objects.filter(is_sample=False, **lookup)
                yield from {
                    record.public_code for record in referencing.distinct()[:10]
                }


def _sample_chunks(model: type[models.Model]) -> Iterator[list]:
    samples = model.objects.filter(is_sample=True).order_by("pk")
    while chunk := list(samples.only("pk", model.code_field, "revision")[:CHUNK_SIZE]):
        yield chunk
