"""What waiting changes name, and so keep, though no row of the record does yet; and
what records show of pictures."""

from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model
from django.db import models

from portal.files.models import Picture
from portal.files.uses import register_user
from portal.history.models import Deed
from portal.history.snapshots import Snapshot, columns_of, part_model
from portal.publishing.models import Illustration, Proposal, Publishable


@register_user
def waiting_with(row: models.Model) -> list[Publishable]:
    """The records of which a change that nobody has decided is to name ``row``."""
    return [record for one in changes_naming(row) if (record := one.record)]


def changes_naming(row: models.Model) -> list[Proposal]:
    """The changes that nobody has decided and that are to name ``row``."""
    waiting = Proposal.objects.open().select_related("content_type").order_by("pk")
    return [one for one in waiting.iterator() if _names(one, row)]


def records_with(picture: Picture) -> list[Publishable]:
    """The records that show ``picture``, whatever their state."""
    shown = picture.illustrations.order_by("content_type", "object_id")
    return [one.record for one in shown.prefetch_related("record") if one.record]


def writers_of_new_pictures(record: Publishable, wanted: Snapshot) -> list:
    """The persons who wrote the words of pictures that ``wanted`` names and no public
    record shows: nobody else may have read those.

    Lock new pictures first (:func:`lock_pictures`).
    """
    pks = pictures_in(type(record), wanted)
    if not pks:
        return []
    shown = Illustration.objects.filter(picture__in=pks).prefetch_related("record")
    public = {one.picture_id for one in shown if one.record and one.record.is_published}
    deeds = Deed.objects.filter(
        record_model=Picture._meta.label_lower,
        record_row__in=[str(pk) for pk in pks - public],
    )
    writers = get_user_model().objects.filter(pk__in=deeds.values("by"))
    return list(writers.order_by("pk"))


def pictures_in(model: type[Publishable], taken: Snapshot) -> set[int]:
    """The keys of the pictures that ``taken``, of a record of ``model``, names."""
    named = {
        values.get(column)
        for one, values in _rows(model, taken)
        for column in _columns_to(one, Picture)
    }
    return named - {None}


def picture_fields(model: type[Publishable]) -> set[str]:
    """The names of the foreign keys to pictures of ``model`` and of its parts."""
    models_of_form = [model, *(part_model(model, name) for name in model.parts)]
    return {
        column.name
        for one in models_of_form
        for column in columns_of(one)
        if column.related_model is Picture
    }


def lock_pictures(pks: Iterable[int]) -> None:
    """Lock pictures until the transaction ends.

    Call it before any record is locked (``portal.publishing.review.versions``).
    """
    locked = models.QuerySet(Picture).select_for_update(no_key=True)
    list(locked.filter(pk__in=list(pks)).order_by("pk").values_list("pk"))


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
