"""The records before and after a record in the order of their codes."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse

from portal.content.publishing.models import Publishable


@dataclass(frozen=True)
class Neighbour:
    """Link to the form of another record: its public code and its address."""

    code: str
    url: str


def find_neighbours(
    record: Publishable, rows: models.QuerySet
) -> dict[str, Neighbour | None]:
    """Return the ``previous`` and the ``next`` of ``rows``, None at either end.

    ``rows`` are the records that the user may see. Records are in the order of their
    codes; a record that is not saved has no neighbours.
    """
    if record.pk is None:
        return {"previous": None, "next": None}
    name = record.code_field
    code = getattr(record, name)
    before = rows.filter(**{f"{name}__lt": code}).order_by(f"-{name}")
    after = rows.filter(**{f"{name}__gt": code}).order_by(name)
    return {"previous": _get_first(before), "next": _get_first(after)}


def _get_first(rows: models.QuerySet) -> Neighbour | None:
    row = rows.values_list("pk", rows.model.code_field).first()
    if row is None:
        return None
    opts = rows.model._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row[0]])
    return Neighbour(str(row[1]), url)
