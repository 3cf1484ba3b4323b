"""What is done to the members of delegations."""

import datetime as dt

from django.db import transaction

from delegations.models import Member
from portal.history import operations as history
from portal.history.snapshots import columns_of, name_of, snapshot
from portal.people.models import Person
from portal.publishing.spreadsheets.operations import forget_values


@transaction.atomic
def forget(person: Person, *, by, at: dt.datetime, reason: str) -> None:
    """Empty what tells in which offices ``person`` travelled, and that they were head
    of a delegation; they are counted as a member still."""
    for member in Member.objects.select_for_update().filter(person=person):
        before = snapshot(member)
        for column in columns_of(Member):
            if name_of(column) == "office":
                setattr(member, column.attname, "")
        member.is_head = False
        member.updated_by, member.updated_at = by, at
        member.save()
        forget_values(member)
        history.append_changes(
            member, before=before, after=snapshot(member), by=by, at=at, note=reason
        )
