"""Audit entries that are prepared but not yet appended to the chain."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from portal.core.audit.diff import FieldChange, RowChange


@dataclass(frozen=True)
class PendingAuditEntry:
    """Audit entry before it is appended to the chain as a row of the model ``Deed``.

    ``object_model`` and ``object_id`` identify the changed row; ``record_code`` is the
    public code or key of the record to which it belongs. ``subject`` identifies the
    person to whom personal values in ``changes`` belong (``people.person:12``).
    """

    action: str
    object_model: str
    object_id: str
    record_code: str
    record_model: str
    record_id: str
    changes: tuple[FieldChange, ...] = ()
    reason: str = ""
    subject: str = ""


def build_pending_entry(
    row: models.Model,
    action: str,
    *,
    changes: Sequence[FieldChange] = (),
    reason: str = "",
) -> PendingAuditEntry:
    """Build an audit entry about ``row`` itself, without writing it."""
    label = row._meta.label_lower
    return PendingAuditEntry(
        action,
        label,
        str(row.pk),
        str(getattr(row, "public_code", None) or getattr(row, "key", "")),
        label,
        str(row.pk),
        tuple(changes),
        reason,
        get_personal_subject(row),
    )


def get_personal_subject(row: models.Model) -> str:
    """Return the person to whom personal values of ``row`` belong.

    The result has the form ``people.person:12``: the ``personal_subject`` of the row,
    or else the row itself.
    """
    subject = getattr(row, "personal_subject", None)
    return subject or f"{row._meta.label_lower}:{row.pk}"


def build_pending_entry_for_change(
    row: models.Model, change: RowChange, action: str, reason: str = ""
) -> PendingAuditEntry:
    """Build an audit entry about ``row`` or one of its child rows, without writing it.

    ``row`` is the record to which ``change`` belongs.
    """
    record_entry = build_pending_entry(
        row, action, changes=change.changes, reason=reason
    )
    return PendingAuditEntry(
        action,
        change.model._meta.label_lower,
        str(change.pk),
        record_entry.record_code,
        record_entry.record_model,
        record_entry.record_id,
        change.changes,
        reason,
        record_entry.subject,
    )
