"""Export of audit entries as CSV for people and as JSON lines for verification."""

import csv
import datetime as dt
import json
from collections.abc import Iterator, Sequence

from django.db import models
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from portal.content.spreadsheets.csv_reading import escape_formula
from portal.core.audit.choices import get_action_label
from portal.core.audit.display_names import find_model, get_model_verbose_name
from portal.core.audit.models import Deed, Head
from portal.core.audit.past_names import load_person_names
from portal.core.audit.presentation import (
    describe_objects,
    format_changes,
    get_visible_reason,
    is_personal_field_hidden,
)

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}
# Maximum number of entries of a file, by its form: what is written in half a minute.
# Names and labels of a CSV take ten times as long as the stored values.
MAX_ENTRIES = {"csv": 20_000, "jsonl": 200_000}
# Each batch of a CSV also reads later entries, for the names of the time.
_BATCH_SIZE = 2000
_BYTE_ORDER_MARK = "\ufeff"


def iterate_export(
    entries: models.QuerySet, form: str, *, viewer, language: str
) -> Iterator[str]:
    """Yield the lines of an export of ``entries`` in the order of the chain.

    ``form`` is a key of ``MEDIA_TYPES`` and ``language`` that of headings and labels.
    Values that ``viewer`` may not see are withheld. The entries are read in batches;
    those that are appended meanwhile are left out.
    """
    write = _write_csv if form == "csv" else _write_json_lines
    if form == "csv":
        with translation.override(language):
            yield _BYTE_ORDER_MARK + _format_csv_row(_get_headings())
    head = Head.objects.filter(pk=1).first() or Head()
    position = 0
    entries = entries.filter(position__lte=head.position).order_by("position")
    while batch := list(entries.filter(position__gt=position)[:_BATCH_SIZE]):
        # The consumer's language may change between two lines.
        with translation.override(language):
            lines = list(write(batch, viewer))
        yield from lines
        position = batch[-1].position


def _write_json_lines(entries: Sequence[Deed], viewer) -> Iterator[str]:
    names = load_person_names(entries)
    for entry in entries:
        line = build_entry_data(entry, viewer=viewer)
        line["by_name"] = names[entry.position]
        yield json.dumps(line, ensure_ascii=False) + "\n"


def build_entry_data(entry: Deed, *, viewer) -> dict:
    """Return the values of an entry by name, in the order in which they are hashed.

    ``is_complete`` is False if a value is withheld from ``viewer``: the hash cannot be
    computed from the others then. A withheld change has ``withheld``, a withheld reason
    is None.
    """
    model = find_model(entry.model)
    changes = [
        {"field": change["field"], "language": change["language"], "withheld": True}
        if "old" in change
        and model
        and is_personal_field_hidden(model, change["field"], viewer)
        else change
        for change in entry.changes
    ]
    reason = get_visible_reason(entry, viewer=viewer)
    is_complete = changes == entry.changes and reason == entry.note
    return {
        "position": entry.position,
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "by": entry.by_id,
        "verb": entry.verb,
        "model": entry.model,
        "row": entry.row,
        "name": entry.name,
        "record_model": entry.record_model,
        "record_row": entry.record_row,
        "changes": changes,
        "note": reason if reason == entry.note else None,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
        "is_complete": is_complete,
    }


def _get_headings() -> list[str]:
    return [
        _("Position"),
        _("Time"),
        _("Person"),
        _("Action"),
        _("Type of record"),
        _("Code"),
        _("Changed row"),
        _("Changes"),
        _("Reason"),
        _("Hash"),
        _("Hash of the entry before"),
    ]


def _write_csv(entries: Sequence[Deed], viewer) -> Iterator[str]:
    names = load_person_names(entries)
    descriptions = describe_objects(entries, viewer=viewer)
    formatted_changes = format_changes(entries, viewer=viewer)
    for description, (entry, changes) in zip(
        descriptions, formatted_changes, strict=True
    ):
        lines = [
            strip_tags(f"{change.label}: {change.old or '–'} → {change.new or '–'}")
            if hasattr(change.old, "__html__") or hasattr(change.new, "__html__")
            else f"{change.label}: {change.old or '–'} → {change.new or '–'}"
            for change in changes
        ]
        yield _format_csv_row(
            [
                str(entry.position),
                timezone.localtime(entry.at).isoformat(sep=" ", timespec="seconds"),
                names[entry.position],
                get_action_label(entry.verb),
                get_model_verbose_name(entry.record_model),
                entry.name,
                strip_tags(description)
                if hasattr(description, "__html__")
                else description,
                "\n".join(lines),
                get_visible_reason(entry, viewer=viewer),
                entry.hash,
                entry.previous_hash,
            ]
        )


class _Echo:
    """File-like object that returns what is written instead of storing it."""

    def write(self, text: str) -> str:
        return text


def _format_csv_row(cells: Sequence[str]) -> str:
    return csv.writer(_Echo()).writerow([escape_formula(cell) for cell in cells])
