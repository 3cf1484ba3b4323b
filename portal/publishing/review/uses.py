"""What waiting changes name, and so keep, though no row of the record does yet."""

from collections.abc import Iterator

from django.db import models

from portal.files.uses import register_user
from portal.history.snapshots import Snapshot, columns_of, part_model
from portal.publishing.models import Proposal, Publishable


@register_user
def waiting_with(row: models.Model) -> list[Publishable]:
    """The records of which a change that nobody has decided is to name ``row``."""
    waiting = Proposal.objects.open().select_related("content_type").order_by("pk")
    named = [one for one in waiting.iterator() if _names(one, row)]
    return [record for one in named if (record := one.record)]


def _names(proposal: Proposal, row: models.Model) -> bool:
    model = proposal.content_type.model_class()
    wanted = Snapshot.from_json(proposal.wanted)
    linked = [
        relation.name
        for relation in model._meta.many_to_many
        if relation.related_model is type(row)
    ]
    return any(row.pk in wanted.links.get(name, ()) for name in linked) or any(
        values.get(column) == row.pk
        for one, values in _rows(model, wanted)
        for column in _columns_to(one, type(row))
    )


def _rows(model, wanted: Snapshot) -> Iterator[tuple[type[models.Model], dict]]:
    yield model, wanted.values
    for name, parts in wanted.parts.items():
        for part in parts:
            yield part_model(model, name), part.values


def _columns_to(model: type[models.Model], target: type[models.Model]) -> list[str]:
    return [
        column.attname
        for column in columns_of(model)
        if column.is_relation and column.related_model is target
    ]
