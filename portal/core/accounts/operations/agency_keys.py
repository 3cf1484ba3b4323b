"""Operations on API keys of partner agencies."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core.accounts.models import AgencyKey, User
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction

USE_INTERVAL = dt.timedelta(minutes=1)


@transaction.atomic
def create_agency_key(key: AgencyKey, *, by: User, at: dt.datetime) -> str:
    """Save a new API key and return its plain text, which the agency sends as the key.

    The plain text is available only from this call; the database stores its hash. An
    audit entry about the agency identifies the key by its prefix. Raises
    ValidationError if the expiry date is not in the future.
    """
    if key.expiry_date <= at:
        message = _("Enter a date and time in the future.")
        raise ValidationError({"expiry_date": message})
    plain_key = AgencyKey.objects.assign_key(key)
    key.full_clean()
    key.save(force_insert=True)
    audit.append_entry(
        key.agency, action=AuditAction.ISSUED, by=by, at=at, reason=_describe_key(key)
    )
    return plain_key


def record_key_use(key: AgencyKey, *, at: dt.datetime) -> None:
    """Store ``at`` as the last use of ``key``, at most once per ``USE_INTERVAL``.

    The instance loaded for the request is checked first, so most requests write
    nothing. The condition in the UPDATE lets only one of several simultaneous requests
    write.
    """
    threshold = at - USE_INTERVAL
    if key.last_used_at is not None and key.last_used_at > threshold:
        return
    is_due = Q(last_used_at__isnull=True) | Q(last_used_at__lte=threshold)
    # With a savepoint a failure here does not break the caller's transaction.
    with transaction.atomic():
        AgencyKey.objects.filter(is_due, pk=key.pk).update(last_used_at=at)


@transaction.atomic
def revoke_agency_key(key: AgencyKey, *, by: User, at: dt.datetime) -> None:
    """Revoke an API key permanently; do nothing if it is already revoked."""
    if AgencyKey.objects.filter(pk=key.pk, revoked=False).update(revoked=True):
        audit.append_entry(
            key.agency,
            action=AuditAction.REVOKED,
            by=by,
            at=at,
            reason=_describe_key(key),
        )
    key.revoked = True


def _describe_key(key: AgencyKey) -> str:
    return f"{key.prefix} {key.scope} {key.name}"
