"""The portal works without its Redis cache."""

from itertools import count

import pytest
import redis
from django.conf import settings as portal_settings
from django.core.cache import cache, caches

from portal.core.http.redis_cache import FaultTolerantRedisCache
from tests.factories.conference import article
from tests.factories.publishing import published

# From 100 on, because other tests use the first databases of this address, and after a
# failure the portal does not try an address again for some seconds.
_numbers = count(100)


def cache_at(settings, address: str):
    settings.CACHES = {
        "default": {
            "BACKEND": "portal.core.http.redis_cache.FaultTolerantRedisCache",
            "LOCATION": f"redis://{address}",
            "OPTIONS": {"socket_timeout": 0.2},
        }
    }
    return caches["default"]


@pytest.fixture
def absent(settings):
    """Return a cache at a port without a server, at an address no other test uses."""
    return cache_at(settings, f"127.0.0.1:1/{next(_numbers)}")


def test_unreachable_cache_is_no_op(absent, caplog):
    assert isinstance(absent, FaultTolerantRedisCache)

    responses = [
        absent.set("a", 1),
        absent.get("a"),
        absent.get("a", "none"),
        absent.add("a", 1),
        absent.delete("a"),
        absent.clear(),
    ]

    assert responses == [None, None, "none", True, False, False]
    assert len(caplog.records) == 1


def test_hanging_cache_times_out_once(settings, hanging):
    hanging_cache = cache_at(settings, hanging.address)

    responses = [hanging_cache.get("a", "none") for _ in range(20)]

    assert responses == ["none"] * 20
    assert hanging.connections() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/news/", "/api/v1/articles/opening/"])
def test_pages_and_api_work_without_cache(absent, client, path, caplog):
    published(article("opening", body_en="A long report. " * 50))

    response = client.get(path, headers={"accept-encoding": "br"})

    assert response.status_code == 200
    assert response["Content-Encoding"] == "br"


@pytest.mark.worker
def test_cache_and_broker_key_prefixes_differ():
    prefix = portal_settings.CACHES["default"]["KEY_PREFIX"]
    of_broker = portal_settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]

    assert not of_broker.startswith(f"{prefix}:")
    assert prefix.startswith(of_broker)


@pytest.mark.worker
def test_clear_deletes_only_cache_keys():
    queue = f"{portal_settings.REDIS_PREFIX}:a-queue"
    cache.set("a", 1)

    with redis.Redis.from_url(portal_settings.REDIS_URL) as client:
        client.set(queue, "a job")
        cache.clear()
        queued = client.get(queue)
        client.delete(queue)

    assert queued == b"a job"
    assert cache.get("a") is None
