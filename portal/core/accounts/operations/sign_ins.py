"""Operations that write and prune the sign-in log."""

import datetime as dt

from portal.core.accounts.choices import Factor, SignInOutcome
from portal.core.accounts.client_ip import get_client_network
from portal.core.accounts.models import SignIn, User


def record_sign_in(
    user: User | None,
    *,
    address: str,
    outcome: SignInOutcome,
    factor: Factor,
    at: dt.datetime,
) -> SignIn:
    """Add an attempt to the sign-in log.

    ``user`` is None if no account has the given user name. ``address`` is the IP
    address of the client, or "" if it is unknown.
    """
    return SignIn.objects.create(
        at=at,
        user=user,
        address=address or None,
        network=get_client_network(address),
        outcome=outcome,
        factor=factor,
    )


def prune_sign_ins(*, at: dt.datetime) -> int:
    """Delete log entries older than a year, and return their number."""
    deleted, _counts_by_model = SignIn.objects.past_retention(at).delete()
    return deleted
