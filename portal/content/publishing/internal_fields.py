"""Changes of fields that only staff see, such as work notes.

They are audited, but they need no second person and are no public change.
"""

from django.db import models

from portal.content.publishing.models import Publishable
from portal.core.audit.choices import AuditAction
from portal.core.audit.diff import diff_snapshots
from portal.core.audit.display_names import find_model
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import Snapshot


def is_internal_change(
    model: type[Publishable], before: Snapshot | None, after: Snapshot
) -> bool:
    """Return whether the snapshots differ, and in internal fields only.

    ``before`` is None for a new record. A record and each of its child rows declare
    their ``internal_fields``.
    """
    if before is None:
        return False
    changes = diff_snapshots(model, before, after, 0)
    return bool(changes) and all(
        not (row.is_created or row.is_deleted)
        and all(
            change.field in get_internal_fields(row.model) for change in row.changes
        )
        for row in changes
    )


def is_internal_entry(entry: Deed) -> bool:
    """Return whether the audit entry is about a change of internal fields only."""
    internal_fields = get_internal_fields(find_model(entry.model))
    fields = {change["field"] for change in entry.changes}
    is_change = entry.verb == AuditAction.CHANGED
    return is_change and bool(fields) and fields <= set(internal_fields)


def get_internal_fields(model: type[models.Model] | None) -> tuple[str, ...]:
    """Return the fields of ``model`` that only staff see."""
    return getattr(model, "internal_fields", ())
