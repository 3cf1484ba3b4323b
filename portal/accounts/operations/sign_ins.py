"""Writing the sign-in log."""

import datetime as dt

from portal.accounts.callers import network_of
from portal.accounts.choices import Factor, Outcome
from portal.accounts.models import SignIn, User


def record_sign_in(
    user: User | None,
    *,
    address: str,
    outcome: Outcome,
    factor: Factor,
    at: dt.datetime,
) -> SignIn:
    """Write down an attempt; ``user`` None where no account has the name given."""
    return SignIn.objects.create(
        at=at,
        user=user,
        address=address or None,
        network=network_of(address),
        outcome=outcome,
        factor=factor,
    )


def prune_sign_ins(*, at: dt.datetime) -> int:
    """Delete what has been kept for a year; how many rows that were."""
    deleted, _kinds = SignIn.objects.outdated(at).delete()
    return deleted
