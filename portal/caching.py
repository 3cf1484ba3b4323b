"""The shared cache, whose absence must never take the site down."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError, RedisError, TimeoutError

from portal.jobs.absence import Absence

_absence = Absence(seconds=5)
logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis, or nothing: while it does not answer, nothing is kept and nothing fails.

    Throttles then count nothing and bodies are compressed anew: slower, but right. It
    is asked again after some seconds.
    """

    @property
    def _address(self) -> str:
        return ";".join(self._servers)

    def get(self, key, default=None, version=None):
        return self._try(super().get, default, key, default, version)

    def set(self, key, value, *args, **kwargs):
        return self._try(super().set, None, key, value, *args, **kwargs)

    def add(self, key, value, *args, **kwargs):
        return self._try(super().add, True, key, value, *args, **kwargs)

    def delete(self, key, version=None):
        return self._try(super().delete, False, key, version)

    def clear(self) -> bool:
        """Delete our own keys; Django's would empty the database, broker and all."""
        return self._try(self._clear_own, False)

    def _clear_own(self) -> bool:
        client = self._cache.get_client(write=True)
        keys = list(client.scan_iter(match=f"{self.key_prefix}:*", count=1000))
        if keys:
            client.delete(*keys)
        return True

    def _try(self, method, otherwise, *args, **kwargs):
        if _absence.is_recent(self._address):
            return otherwise
        try:
            return method(*args, **kwargs)
        except RedisError as error:
            if isinstance(error, (ConnectionError, TimeoutError)):
                _absence.note(self._address)
            logger.warning("the cache does not answer: %s", error)
            return otherwise
