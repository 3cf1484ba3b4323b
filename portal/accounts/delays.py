"""Who tries to sign in again and again waits longer each time.

Counted are failures of an account from one network, and of a network whatever the
account; never those of an account alone, or anybody could lock a colleague out. Counts
lie in the cache. What the cache does not know is counted off the sign-in log, so that
delays hold while Redis is away and after it was emptied.
"""

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from portal.accounts.models import SignIn

# Failures before the first delay; of a network more, as an office shares one.
FREE_OF_PAIR = 3
FREE_OF_NETWORK = 30
FIRST_DELAY = dt.timedelta(seconds=5)
LONGEST_DELAY = dt.timedelta(minutes=15)
FORGOTTEN_AFTER = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Failures:
    """How many attempts failed, and when the last one did."""

    count: int
    last: dt.datetime

    def delay(self, free: int) -> dt.timedelta:
        """The time to wait after the last of them: doubled by each beyond ``free``."""
        if self.count < free:
            return dt.timedelta(0)
        # 2 ** 20 of them are beyond the longest delay, and no overflow.
        return min(FIRST_DELAY * 2 ** min(self.count - free, 20), LONGEST_DELAY)


@dataclass(frozen=True)
class Attempt:
    """An attempt that is counted as failed until it is known to be right."""

    username: str
    network: str
    pair: Failures
    whole: Failures

    def undo(self) -> None:
        """It was right as far as it went: a password, with a factor still to come."""
        _keep(_pair_key(self.username, self.network), self.pair)
        _keep(_network_key(self.network), self.whole)


def seconds_to_wait(username: str, network: str, *, at: dt.datetime) -> int:
    """Seconds until ``username`` may be tried again from ``network``; 0 is at once."""
    pair, whole = _known(username, network, at)
    until = max(
        pair.last + pair.delay(FREE_OF_PAIR), whole.last + whole.delay(FREE_OF_NETWORK)
    )
    return max(0, -int(-(until - at).total_seconds() // 1))


def begin(username: str, network: str, *, at: dt.datetime) -> Attempt:
    """Count an attempt before it is judged, so that many at once are counted too."""
    pair, whole = _known(username, network, at)
    _keep(_pair_key(username, network), Failures(pair.count + 1, at))
    _keep(_network_key(network), Failures(whole.count + 1, at))
    return Attempt(username, network, pair, whole)


def forget(username: str, network: str, *, at: dt.datetime) -> None:
    """Somebody came in: the account's failures from there are over, the network's are
    not, or one known password would let it try all others."""
    _keep(_pair_key(username, network), Failures(0, at))


def _known(username, network, at) -> tuple[Failures, Failures]:
    since = at - FORGOTTEN_AFTER
    pair = cache.get(_pair_key(username, network))
    whole = cache.get(_network_key(network))
    if pair is None:
        pair = SignIn.objects.failures_in_a_row(username, network, since)
    if whole is None:
        whole = SignIn.objects.failures(network, since)
    return _recent(Failures(*pair), since), _recent(Failures(*whole), since)


def _recent(failures: Failures, since: dt.datetime) -> Failures:
    return failures if failures.last > since else Failures(0, since)


def _keep(key: str, failures: Failures) -> None:
    cache.set(
        key, (failures.count, failures.last), int(FORGOTTEN_AFTER.total_seconds())
    )


def _pair_key(username: str, network: str) -> str:
    return "sign-in:" + _digest(f"{username.casefold()}\n{network}")


def _network_key(network: str) -> str:
    return "sign-in:" + _digest(network)


def _digest(value: str) -> str:
    return salted_hmac("portal.sign-in", value).hexdigest()
