"""What is done to people for good."""

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.history import operations as history
from portal.history.snapshots import snapshot
from portal.people.erasure import forgetting
from portal.people.models import Person
from portal.publishing.operations import WrongState
from portal.publishing.spreadsheets.operations import (
    forget_lists_of_people,
    forget_values,
)


@transaction.atomic
def erase(person: Person, *, by, at: dt.datetime, reason: str) -> None:
    """Take from the database who ``person`` was: from the row, from the rows of other
    apps about them, from what imports keep, and from the history, which still verifies.

    The row stays, with its country, as do participation, training record and the number
    of a certificate: they are counted, and a certificate can be verified without a
    name. ``reason`` stays in the history for good and must name nobody. Raises
    WrongState when the person was erased before.
    """
    locked = models.QuerySet(Person).select_for_update(of=("self",))
    person.refresh_from_db(from_queryset=locked)
    if person.erased_at is not None:
        told = _("“%(person)s” was erased before.")
        raise WrongState(told % {"person": person})
    for forget in forgetting():
        forget(person, by=by, at=at, reason=reason)
    before = snapshot(person)
    person.name_latin = person.name_own = person.rank = ""
    person.organ = None
    person.erased_at = person.updated_at = at
    person.updated_by = by
    person.save()
    forget_values(person)
    forget_lists_of_people()
    after = snapshot(person)
    history.append_changes(
        person, before=before, after=after, by=by, at=at, note=reason
    )
    history.erase(person.personal_subject, by=by, at=at, note=reason)
