"""The records that an import wrote, for links on its page."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.publishing.models import ImportedRow
from portal.publishing.spreadsheets.registry import resource_named


@dataclass(frozen=True)
class WrittenRecord:
    """A record that an import wrote. ``url`` is its form, "" when it was deleted."""

    number: int
    action: str
    kind: str
    name: str
    url: str


def written_records(rows: list[ImportedRow]) -> list[WrittenRecord]:
    """The records of ``rows``, in their order; one query for each kind of record."""
    found: dict[tuple[str, int], models.Model] = {}
    for code in {row.resource for row in rows}:
        pks = [row.object_id for row in rows if row.resource == code]
        for record in resource_named(code).records().filter(pk__in=pks):
            found[code, record.pk] = record
    return [_written_record(row, found) for row in rows]


def _written_record(row: ImportedRow, found: dict) -> WrittenRecord:
    meta = resource_named(row.resource).model._meta
    record = found.get((row.resource, row.object_id))
    name = f"admin:{meta.app_label}_{meta.model_name}_change"
    return WrittenRecord(
        number=row.number,
        action=row.get_action_display(),
        kind=capfirst(str(meta.verbose_name)),
        name=str(record) if record else _("deleted"),
        url=reverse(name, args=(record.pk,)) if record else "",
    )
