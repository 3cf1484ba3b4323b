"""Adjust open proposals to an edit of their records by a program.

A proposal contains the whole record without and with the change, and is outdated as
soon as the record differs. A program that edits other fields of a published record
adjusts both, so that the proposal can still be accepted and changes nothing else.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType

from portal.content.publishing.models import Proposal, Publishable
from portal.core.audit.snapshots import ChildRow, Snapshot, is_same_state

# Maximum number of records per query.
_BATCH_SIZE = 500


def lock_open_proposals(records: Iterable[Publishable]) -> dict[Publishable, Proposal]:
    """Lock the open proposals of ``records`` and return them by record.

    Lock order: after the records and before the first audit entry.
    """
    by_key = {
        (ContentType.objects.get_for_model(record).pk, record.pk): record
        for record in records
    }
    proposals, keys = {}, sorted(by_key)
    for content_type in sorted({content_type for content_type, _pk in keys}):
        pks = [pk for owner, pk in keys if owner == content_type]
        for start in range(0, len(pks), _BATCH_SIZE):
            batch = Proposal.objects.open().filter(
                content_type=content_type,
                object_id__in=pks[start : start + _BATCH_SIZE],
            )
            for proposal in batch.select_for_update(of=("self",)).order_by("pk"):
                proposals[by_key[content_type, proposal.object_id]] = proposal
    return proposals


def rebase_proposal(proposal: Proposal, *, before: Snapshot, after: Snapshot) -> None:
    """Apply the difference between two snapshots of the record to a locked proposal.

    What the proposal changes stays as proposed. A proposal that was outdated before is
    not changed.
    """
    if not is_same_state(proposal.base, before):
        return
    base, wanted = (
        Snapshot.from_json(proposal.base),
        Snapshot.from_json(proposal.wanted),
    )
    rebased = Snapshot(
        _merge(base.values, after.values, wanted.values),
        _merge(base.links, after.links, wanted.links),
        {
            name: _merge_rows(base.parts.get(name, []), rows, wanted.parts[name])
            if name in wanted.parts
            else rows
            for name, rows in after.parts.items()
        },
    )
    proposal.base, proposal.wanted = after.as_json(), rebased.as_json()
    proposal.save(update_fields=["base", "wanted"])


def _merge(
    base: dict[str, Any], after: dict[str, Any], wanted: dict[str, Any]
) -> dict[str, Any]:
    """Return ``after`` with the values of ``wanted`` that differ from ``base``."""
    proposed = {
        name: value for name, value in wanted.items() if value != base.get(name)
    }
    return {**after, **proposed}


def _merge_rows(
    base: list[ChildRow], after: list[ChildRow], wanted: list[ChildRow]
) -> list[ChildRow]:
    """Return the child rows of ``after`` with the proposed changes of rows.

    Proposed deletions are kept, and proposed new rows come last.
    """
    base_values = {row.pk: row.values for row in base}
    proposed_values = {row.pk: row.values for row in wanted}
    rows = [
        ChildRow(
            row.pk,
            _merge(
                base_values.get(row.pk, {}),
                row.values,
                proposed_values.get(row.pk, {}),
            ),
        )
        for row in after
        if row.pk in proposed_values or row.pk not in base_values
    ]
    # A changed row that was replaced meanwhile is proposed as a new row.
    kept_pks = {row.pk for row in rows}
    return rows + [
        row
        for row in wanted
        if row.pk not in kept_pks and row.values != base_values.get(row.pk)
    ]
