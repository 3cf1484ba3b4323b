"""Login throttle with delays that double after each failure.

Failures are counted per user name and network, and per network. They are not counted
per user name alone: otherwise anyone could lock out a user. The counters are cached. If
the cache is empty or unavailable, they are computed from the sign-in log, so that the
delays also apply while Redis is down.
"""

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from portal.core.accounts.models import SignIn

# Failures before the first delay; more per network, because a whole office shares one.
FREE_FAILURES_PER_ACCOUNT = 3
FREE_FAILURES_PER_NETWORK = 30
FIRST_DELAY = dt.timedelta(seconds=5)
MAX_DELAY = dt.timedelta(minutes=15)
FAILURE_WINDOW = dt.timedelta(hours=1)


@dataclass(frozen=True)
class FailureCount:
    """Number of failed attempts and time of the last failure."""

    count: int
    last_failed_at: dt.datetime

    def delay(self, free_failures: int) -> dt.timedelta:
        """Return how long to wait after the last failure.

        There is no delay until the count reaches the argument, the number of free
        failures. Then the delay starts at FIRST_DELAY and doubles with each failure.
        """
        if self.count < free_failures:
            return dt.timedelta(0)
        # FIRST_DELAY * 2 ** 20 exceeds the longest delay without an overflow.
        return min(FIRST_DELAY * 2 ** min(self.count - free_failures, 20), MAX_DELAY)


@dataclass(frozen=True)
class ThrottledAttempt:
    """Sign-in attempt that counts as failed until it is cancelled.

    The last two fields are the counters before the attempt.
    """

    username: str
    network: str
    account_failures: FailureCount
    network_failures: FailureCount

    def cancel(self) -> None:
        """Restore the counters from before the attempt.

        Called when the password or code was correct. The counters are not reset to 0,
        because a second factor may still follow.
        """
        _store_failures(
            _account_cache_key(self.username, self.network), self.account_failures
        )
        _store_failures(_network_cache_key(self.network), self.network_failures)


def get_seconds_to_wait(username: str, network: str, *, at: dt.datetime) -> int:
    """Return the seconds until the next attempt is allowed, 0 if it is allowed now.

    This applies to attempts for ``username`` from ``network``.
    """
    account_failures, network_failures = _load_failures(username, network, at)
    until = max(
        account_failures.last_failed_at
        + account_failures.delay(FREE_FAILURES_PER_ACCOUNT),
        network_failures.last_failed_at
        + network_failures.delay(FREE_FAILURES_PER_NETWORK),
    )
    return max(0, -int(-(until - at).total_seconds() // 1))


def begin_attempt(username: str, network: str, *, at: dt.datetime) -> ThrottledAttempt:
    """Count an attempt as failed before the password or code is checked.

    Counting first makes simultaneous attempts count too. Call ``cancel`` of the result
    if the attempt succeeds.
    """
    account_failures, network_failures = _load_failures(username, network, at)
    _store_failures(
        _account_cache_key(username, network),
        FailureCount(account_failures.count + 1, at),
    )
    _store_failures(
        _network_cache_key(network), FailureCount(network_failures.count + 1, at)
    )
    return ThrottledAttempt(username, network, account_failures, network_failures)


def reset_account_failures(username: str, network: str, *, at: dt.datetime) -> None:
    """Reset the counter of a user name and network after a successful sign-in.

    The counter of the network is not reset: otherwise a person who knows one password
    could try the passwords of all other accounts without delay.
    """
    _store_failures(_account_cache_key(username, network), FailureCount(0, at))


def _load_failures(username, network, at) -> tuple[FailureCount, FailureCount]:
    since = at - FAILURE_WINDOW
    account_failures = cache.get(_account_cache_key(username, network))
    network_failures = cache.get(_network_cache_key(network))
    if account_failures is None:
        account_failures = SignIn.objects.count_consecutive_failures(
            username, network, since
        )
    if network_failures is None:
        network_failures = SignIn.objects.count_network_failures(network, since)
    return _discard_expired(FailureCount(*account_failures), since), _discard_expired(
        FailureCount(*network_failures), since
    )


def _discard_expired(failures: FailureCount, since: dt.datetime) -> FailureCount:
    return failures if failures.last_failed_at > since else FailureCount(0, since)


def _store_failures(key: str, failures: FailureCount) -> None:
    cache.set(
        key,
        (failures.count, failures.last_failed_at),
        int(FAILURE_WINDOW.total_seconds()),
    )


def _account_cache_key(username: str, network: str) -> str:
    return "sign-in:" + _digest(f"{username.casefold()}\n{network}")


def _network_cache_key(network: str) -> str:
    return "sign-in:" + _digest(network)


def _digest(value: str) -> str:
    return salted_hmac("portal.sign-in", value).hexdigest()
