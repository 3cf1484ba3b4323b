"""What is done to the keys of agencies."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import AgencyKey, User
from portal.history import operations as history
from portal.history.choices import Verb

USE_INTERVAL = dt.timedelta(minutes=1)


@transaction.atomic
def make_key(key: AgencyKey, *, by: User, at: dt.datetime) -> str:
    """Save the new ``key`` and give back what the agency sends with each request.

    It is known at this moment only: the database keeps its hash. The history of the
    agency names the key by its prefix. Raises ValidationError if it would have expired
    already.
    """
    if key.expiry_date <= at:
        told = _("This moment has passed. Give one to come.")
        raise ValidationError({"expiry_date": told})
    plain = AgencyKey.objects.assign_key(key)
    key.full_clean()
    key.save(force_insert=True)
    history.append(key.agency, verb=Verb.ISSUED, by=by, at=at, note=_told(key))
    return plain


def record_key_use(key: AgencyKey, *, at: dt.datetime) -> None:
    """Keep ``at`` as the last use of ``key``, at most once in ``USE_INTERVAL``.

    The row that was read with the key decides first, so most requests write nothing;
    the condition of the UPDATE lets one of several simultaneous requests write.
    """
    oldest = at - USE_INTERVAL
    if key.last_used_at is not None and key.last_used_at > oldest:
        return
    is_due = Q(last_used_at__isnull=True) | Q(last_used_at__lte=oldest)
    # A savepoint within a transaction of the caller, which survives a failure.
    with transaction.atomic():
        AgencyKey.objects.filter(is_due, pk=key.pk).update(last_used_at=at)


@transaction.atomic
def revoke_key(key: AgencyKey, *, by: User, at: dt.datetime) -> None:
    """End ``key`` for good; one that is revoked already stays so."""
    if AgencyKey.objects.filter(pk=key.pk, revoked=False).update(revoked=True):
        history.append(key.agency, verb=Verb.REVOKED, by=by, at=at, note=_told(key))
    key.revoked = True


def _told(key: AgencyKey) -> str:
    return f"{key.prefix} {key.scope} {key.name}"
