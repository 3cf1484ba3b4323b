"""Write operations on members of delegations."""

import datetime as dt

from django.db import transaction

from delegations.models import Member
from portal.content.spreadsheets.operations import erase_stored_values
from portal.core.audit import operations as audit
from portal.core.audit.snapshots import (
    get_audited_columns,
    get_field_name,
    take_snapshot,
)
from portal.reference.people.models import Person


@transaction.atomic
def erase_personal_data(person: Person, *, by, at: dt.datetime, reason: str) -> None:
    """Erase the office and head-of-delegation flag of ``person`` in all delegations.

    The memberships remain, so member counts do not change. ``reason`` is written to the
    audit log.
    """
    for member in Member.objects.select_for_update().filter(person=person):
        before = take_snapshot(member)
        for column in get_audited_columns(Member):
            if get_field_name(column) == "office":
                setattr(member, column.attname, "")
        member.is_head = False
        member.updated_by, member.updated_at = by, at
        member.save()
        erase_stored_values(member)
        audit.append_snapshot_diff(
            member,
            before=before,
            after=take_snapshot(member),
            by=by,
            at=at,
            reason=reason,
        )
