"""Redis cache back end that keeps the site working while Redis is unavailable."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError, RedisError, TimeoutError

from portal.core.jobs.circuit_breaker import CircuitBreaker

_redis_breaker = CircuitBreaker(reset_timeout_seconds=5)
logger = logging.getLogger(__name__)


class FaultTolerantRedisCache(RedisCache):
    """Redis cache that behaves as an empty cache while Redis is unavailable.

    Throttles then do not count and responses are compressed on each request. After a
    failed connection Redis is not tried again for 5 seconds.
    """

    @property
    def _server_key(self) -> str:
        return ";".join(self._servers)

    def get(self, key, default=None, version=None):
        return self._call_or_fallback(super().get, default, key, default, version)

    def set(self, key, value, *args, **kwargs):
        return self._call_or_fallback(super().set, None, key, value, *args, **kwargs)

    def add(self, key, value, *args, **kwargs):
        return self._call_or_fallback(super().add, True, key, value, *args, **kwargs)

    def delete(self, key, version=None):
        return self._call_or_fallback(super().delete, False, key, version)

    def clear(self) -> bool:
        """Delete the keys with this cache's prefix only.

        Django's method empties the whole Redis database, including the Celery queues.
        """
        return self._call_or_fallback(self._delete_prefixed_keys, False)

    def _delete_prefixed_keys(self) -> bool:
        client = self._cache.get_client(write=True)
        keys = list(client.scan_iter(match=f"{self.key_prefix}:*", count=1000))
        if keys:
            client.delete(*keys)
        return True

    def _call_or_fallback(self, method, fallback, *args, **kwargs):
        """Call ``method`` and return its result, or ``fallback`` if Redis fails."""
        if _redis_breaker.is_open(self._server_key):
            return fallback
        try:
            return method(*args, **kwargs)
        except RedisError as error:
            if isinstance(error, (ConnectionError, TimeoutError)):
                _redis_breaker.record_failure(self._server_key)
            logger.warning("cache is unavailable: %s", error)
            return fallback
