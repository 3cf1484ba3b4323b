"""What a reviewer reads of a change, and who may read it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.catalogue.registry import kinds
from portal.history.comparing import RowChange, differences
from portal.history.snapshots import Snapshot
from portal.history.telling import (
    ToldChange,
    names_of_rows,
    told_field,
    values_for,
    with_name,
)
from portal.publishing.models import Proposal


@dataclass(frozen=True)
class ToldRow:
    """A row that is changed, added or taken away; ``heading`` says which."""

    heading: str
    changes: list[ToldChange]


def told_differences(proposal: Proposal, *, reader) -> list[ToldRow]:
    """What ``proposal`` changes, field by field and language by language, as ``reader``
    (a user) may know it."""
    model = proposal.content_type.model_class()
    base = Snapshot.from_json(proposal.base)
    wanted = Snapshot.from_json(proposal.wanted)
    found = differences(model, base, wanted, proposal.object_id)
    names = _names(found, reader)
    values = values_for(
        ((row.model, one) for row in found for one in row.changes), reader
    )
    return [
        ToldRow(
            _heading(row, names.get((row.model, row.pk), "")),
            [told_field(row.model, one, values, reader) for one in row.changes],
        )
        for row in found
    ]


def _names(found: Sequence[RowChange], reader) -> dict[tuple, str]:
    """What the parts that are there already are called."""
    pks: dict[type[models.Model], list[int]] = defaultdict(list)
    for row in found:
        if row.relation and not row.is_new:
            pks[row.model].append(row.pk)
    return {
        (model, pk): name
        for model, some in pks.items()
        for pk, name in names_of_rows(model, some, reader=reader).items()
    }


def _heading(change: RowChange, name: str) -> str:
    kind = str(change.model._meta.verbose_name)
    told = with_name(kind, name) if name else capfirst(kind)
    if change.is_new:
        return _("%(what)s, new") % {"what": told}
    if change.is_gone:
        return _("%(what)s, taken away") % {"what": told}
    return told


def may(user, action: str, model: type[models.Model]) -> bool:
    """Whether ``user`` may do ``action`` (change, review …) to rows of ``model``."""
    opts = model._meta
    return user.has_perm(f"{opts.app_label}.{action}_{opts.model_name}")


def visible_kinds(user) -> list[ContentType]:
    """The kinds of record of which ``user`` may see the records at the desk."""
    models_seen = [
        kind.model
        for kind in kinds()
        if any(may(user, action, kind.model) for action in ("view", "change", "review"))
    ]
    return list(ContentType.objects.get_for_models(*models_seen).values())
