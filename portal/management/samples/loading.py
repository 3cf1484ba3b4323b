"""Samples into the database, and out of it again."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db import connection, models, transaction
from django.utils import translation

from portal.accounts.models import User
from portal.catalogue.registry import kind_of, kinds
from portal.catalogue.search.schema import many_rows
from portal.directory.models import Organ
from portal.management.samples.makers import MAKERS
from portal.management.samples.plan import CODES, POINTED_TO, Sample, planned
from portal.management.samples.scene import Scene, scene_for
from portal.people.models import Person
from portal.publishing.bulk import erase, publish_new
from portal.publishing.links import relations_of

# So many records are made, held in memory and committed together.
CHUNK = 1000
ACTOR = "samples"
Advance = Callable[[int], None]


class NoCountries(Exception):
    """Samples need China and another country on record, and published."""


class OtherSeed(Exception):
    """There are samples of another seed; ``args`` names it."""


class InUse(Exception):
    """Something that is no sample points to samples; ``args`` says what."""


def load(*, records: int, seed: int, advance: Advance) -> int:
    """Make the first ``records`` samples of ``seed`` public; how many were new.

    A sample that is there already is left as it is. Each chunk is a transaction of its
    own: what was interrupted goes on when it is said again.
    """
    scene = scene_for(User.objects.actor(ACTOR))
    if "CN" not in scene.lands or not scene.others:
        raise NoCountries
    there = _seed_there()
    if there not in (None, str(seed)):
        raise OtherSeed(there)
    made, samples = 0, planned(records, seed)
    # What the bare column of a translated field holds is its English text.
    with translation.override("en"), many_rows(connection):
        while some := list(islice(samples, CHUNK)):
            made += _load_chunk(some, scene)
            advance(len(some))
    return made


def _seed_there() -> str | None:
    """The seed of the samples in the database, read off the first one's source."""
    first = Organ.objects.filter(is_sample=True).order_by("pk").first()
    url = first.sources.values_list("url", flat=True).first() if first else None
    return url.split("/")[4] if url else None


@transaction.atomic
def _load_chunk(samples: Iterable[Sample], scene: Scene) -> int:
    of_kind = defaultdict(list)
    for sample in samples:
        of_kind[sample.kind].append(sample)
    made = 0
    for kind in CODES:
        new = _missing(kind, of_kind[kind])
        drafts = [MAKERS[kind](sample, scene) for sample in new]
        publish_new(drafts, by=scene.by)
        made += len(drafts)
        for sample, draft in zip(new, drafts, strict=True):
            if sample.number <= POINTED_TO:
                scene.pks[kind][sample.number] = draft.record.pk
    return made


def _missing(kind: str, samples: list[Sample]) -> list[Sample]:
    model = kind_of(kind).model
    asked = {f"{model.code_field}__in": [sample.code for sample in samples]}
    there = model.objects.filter(**asked).values_list(model.code_field, flat=True)
    known = {str(code) for code in there}
    return [sample for sample in samples if sample.code not in known]


@transaction.atomic
def remove(*, at: dt.datetime, tells_readers: bool, advance: Advance) -> int:
    """Delete every sample with all that hangs on it; how many there were.

    ``tells_readers`` as in :func:`portal.publishing.bulk.erase`. Raises
    :class:`InUse`, and nothing is deleted, while anything else points to a sample.
    """
    users = list(_users())
    if users:
        raise InUse(", ".join(users))
    removed, by = 0, User.objects.actor(ACTOR)
    for kind in sorted(CODES):
        # Before the first audit entry, in the order of all such locks.
        samples = kind_of(kind).model.objects.filter(is_sample=True)
        list(samples.locked_in_order().values_list("pk", flat=True))
    try:
        for kind in reversed(CODES):
            for some in _chunks_of(kind_of(kind).model):
                erase(some, by=by, at=at, tells_readers=tells_readers)
                removed += len(some)
                advance(len(some))
        Person.objects.filter(created_by=by).delete()
    except models.ProtectedError as protected:
        pointing = {str(row) for row in protected.protected_objects}
        raise InUse(", ".join(sorted(pointing)[:10])) from None
    return removed


def count() -> int:
    """How many samples there are."""
    return sum(kind.model.objects.filter(is_sample=True).count() for kind in kinds())


def _users() -> Iterator[str]:
    """Records of the office that name a sample organ: their links would go silently."""
    for kind in kinds():
        for relation in relations_of(kind.model):
            if hasattr(relation.related_model, "is_sample"):
                named = {f"{relation.name}__is_sample": True}
                users = kind.model.objects.filter(is_sample=False, **named)
                yield from {record.public_code for record in users.distinct()[:10]}


def _chunks_of(model: type[models.Model]) -> Iterator[list]:
    samples = model.objects.filter(is_sample=True).order_by("pk")
    while some := list(samples.only("pk", model.code_field, "revision")[:CHUNK]):
        yield some
