"""Changes of fields that only staff see, such as work notes.

They are audited, but they need no second person and are no public change.
"""

from portal.content.publishing.models import Publishable
from portal.core.audit.diff import diff_snapshots
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
            change.field in getattr(row.model, "internal_fields", ())
            for change in row.changes
        )
        for row in changes
    )
