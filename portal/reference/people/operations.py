"""Irreversible operations on people."""

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.content.publishing.operations import InvalidTransition
from portal.content.spreadsheets.operations import (
    erase_stored_values,
    erase_unwritten_personal_files,
)
from portal.core.audit import operations as audit
from portal.core.audit.snapshots import take_snapshot
from portal.reference.people.erasure_handlers import get_erasure_handlers
from portal.reference.people.models import Person


@transaction.atomic
def erase_person(person: Person, *, by, at: dt.datetime, reason: str) -> None:
    """Erase a person's personal data.

    The data is erased in the row itself, in the rows of other apps (erasure handlers),
    in stored imports and in the audit log, whose hash chain stays valid. The row and
    its country remain, as do participations, training records and certificate numbers:
    they are counted, and a certificate can be verified without a name. ``reason`` is
    kept permanently in the audit log and must not name anyone. Raise InvalidTransition
    if the person was erased before.
    """
    locked = models.QuerySet(Person).select_for_update(of=("self",))
    person.refresh_from_db(from_queryset=locked)
    if person.erased_at is not None:
        message = _("The personal data of “%(person)s” has already been deleted.")
        raise InvalidTransition(message % {"person": person})
    for erase in get_erasure_handlers():
        erase(person, by=by, at=at, reason=reason)
    before = take_snapshot(person)
    person.name_latin = person.name_own = person.rank = ""
    person.organ = None
    person.erased_at = person.updated_at = at
    person.updated_by = by
    person.save()
    erase_stored_values(person)
    erase_unwritten_personal_files()
    after = take_snapshot(person)
    audit.append_snapshot_diff(
        person, before=before, after=after, by=by, at=at, reason=reason
    )
    audit.erase_personal_values(person.personal_subject, by=by, at=at, reason=reason)
