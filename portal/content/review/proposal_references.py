"""References from open proposals to other rows, and from records to pictures.

A row that an open proposal refers to must not be deleted, although no foreign key
exists yet.
"""

from collections.abc import Collection, Iterable, Iterator

from django.contrib.auth import get_user_model
from django.db import models

from portal.content.publishing.models import Illustration, Proposal, Publishable
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import Snapshot, get_audited_columns, get_child_model
from portal.core.files.models import Picture


def find_records_with_proposals_using(row: models.Model) -> list[Publishable]:
    """Return the records with an open proposal that refers to ``row``."""
    return [
        record for proposal in find_proposals_using(row) if (record := proposal.record)
    ]


def find_proposals_using(row: models.Model) -> list[Proposal]:
    """Return the open proposals that refer to ``row``."""
    open_proposals = (
        Proposal.objects.open().select_related("content_type").order_by("pk")
    )
    return [
        proposal for proposal in open_proposals.iterator() if _refers_to(proposal, row)
    ]


def find_proposed_reference(
    proposals: models.QuerySet, rows: Collection[tuple[type[models.Model], int]]
) -> tuple[type[models.Model], int] | None:
    """Return the first of ``rows`` that one of ``proposals`` refers to, or None.

    ``rows`` are pairs of a model and a primary key.
    """
    proposals = proposals.select_related("content_type").order_by("pk")
    references = (
        reference
        for proposal in proposals.iterator()
        for reference in _iterate_references(proposal)
    )
    return next((reference for reference in references if reference in rows), None)


def find_records_showing_picture(picture: Picture) -> list[Publishable]:
    """Return the records that show ``picture``, in any status."""
    illustrations = picture.illustrations.order_by("content_type", "object_id")
    return [
        illustration.record
        for illustration in illustrations.prefetch_related("record")
        if illustration.record
    ]


def lock_and_find_picture_authors(record: Publishable, snapshot: Snapshot) -> list:
    """Return the users who edited texts of pictures that are in the snapshot and not
    public.

    They count as contributors, because possibly no other user has read these texts.
    Newly added pictures must be locked before with :func:`lock_pictures`.
    """
    pks = pictures_in(type(record), snapshot)
    if not pks:
        return []
    illustrations = Illustration.objects.filter(picture__in=pks).prefetch_related(
        "record"
    )
    public_pks = {
        illustration.picture_id
        for illustration in illustrations
        if illustration.record and illustration.record.is_published
    }
    entries = Deed.objects.filter(
        record_model=Picture._meta.label_lower,
        record_row__in=[str(pk) for pk in pks - public_pks],
    )
    authors = get_user_model().objects.filter(pk__in=entries.values("by"))
    return list(authors.order_by("pk"))


def pictures_in(model: type[Publishable], snapshot: Snapshot) -> set[int]:
    """Return the primary keys of the pictures in a snapshot of a record of
    ``model``."""
    picture_pks = {
        values.get(column)
        for row_model, values in _iterate_rows(model, snapshot)
        for column in _get_foreign_keys_to(row_model, Picture)
    }
    return picture_pks - {None}


def picture_fields(model: type[Publishable]) -> set[str]:
    """Return the names of the foreign keys to pictures of ``model`` and its child
    models."""
    form_models = [
        model,
        *(get_child_model(model, name) for name in model.child_relations),
    ]
    return {
        column.name
        for form_model in form_models
        for column in get_audited_columns(form_model)
        if column.related_model is Picture
    }


def lock_pictures(pks: Iterable[int]) -> None:
    """Lock pictures until the transaction ends.

    Call it before any record is locked; the lock order is defined in
    ``portal.content.publishing.reviewed_versions``.
    """
    locked = models.QuerySet(Picture).select_for_update(no_key=True)
    list(locked.filter(pk__in=list(pks)).order_by("pk").values_list("pk"))


def _refers_to(proposal: Proposal, row: models.Model) -> bool:
    """Return whether the proposed snapshot refers to ``row`` by a relation or foreign
    key."""
    return (type(row), row.pk) in _iterate_references(proposal)


def _iterate_references(
    proposal: Proposal,
) -> Iterator[tuple[type[models.Model], int]]:
    """Yield model and primary key of each row that the proposed snapshot refers to."""
    model = proposal.content_type.model_class()
    snapshot = Snapshot.from_json(proposal.wanted)
    for relation in model._meta.many_to_many:
        for pk in snapshot.links.get(relation.name, ()):
            yield relation.related_model, pk
    for row_model, values in _iterate_rows(model, snapshot):
        for column in get_audited_columns(row_model):
            if column.is_relation and values.get(column.attname) is not None:
                yield column.related_model, values[column.attname]


def _iterate_rows(
    model, snapshot: Snapshot
) -> Iterator[tuple[type[models.Model], dict]]:
    """Yield the model and column values of the record and of each of its child rows."""
    yield model, snapshot.values
    for name, child_rows in snapshot.parts.items():
        for child_row in child_rows:
            yield get_child_model(model, name), child_row.values


def _get_foreign_keys_to(
    model: type[models.Model], target: type[models.Model]
) -> list[str]:
    return [
        column.attname
        for column in get_audited_columns(model)
        if column.is_relation and column.related_model is target
    ]
