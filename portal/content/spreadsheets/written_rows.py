"""Links to the records that an import wrote."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.publishing.models import ImportedRow
from portal.content.spreadsheets.registry import get_resource


@dataclass(frozen=True)
class WrittenRecord:
    """Link to a record that an import wrote.

    ``url`` is the record's change page in the admin, "" if the record was deleted.
    ``number`` is the row number in the file.
    """

    number: int
    action: str
    kind: str
    name: str
    url: str


def build_written_records(rows: list[ImportedRow]) -> list[WrittenRecord]:
    """Return links for ``rows``, in the same order.

    Runs one query for each kind of record.
    """
    records: dict[tuple[str, int], models.Model] = {}
    for code in {row.resource for row in rows}:
        pks = [row.object_id for row in rows if row.resource == code]
        for record in get_resource(code).get_queryset().filter(pk__in=pks):
            records[code, record.pk] = record
    return [_build_written_record(row, records) for row in rows]


def _build_written_record(row: ImportedRow, records: dict) -> WrittenRecord:
    meta = get_resource(row.resource).model._meta
    record = records.get((row.resource, row.object_id))
    name = f"admin:{meta.app_label}_{meta.model_name}_change"
    return WrittenRecord(
        number=row.number,
        action=row.get_action_display(),
        kind=capfirst(str(meta.verbose_name)),
        name=str(record) if record else _("deleted"),
        url=reverse(name, args=(record.pk,)) if record else "",
    )
