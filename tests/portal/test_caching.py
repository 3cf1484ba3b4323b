"""The site stands while the shared cache is away."""

from itertools import count

import pytest
import redis
from django.conf import settings as portal_settings
from django.core.cache import cache, caches

from portal.caching import ForgivingRedisCache
from tests.factories.conference import article
from tests.factories.publishing import published

# From 100 on: other tests use the first databases of this address, and who has found no
# cache there does not ask again for some seconds.
_numbers = count(100)


def cache_at(settings, address: str):
    settings.CACHES = {
        "default": {
            "BACKEND": "portal.caching.ForgivingRedisCache",
            "LOCATION": f"redis://{address}",
            "OPTIONS": {"socket_timeout": 0.2},
        }
    }
    return caches["default"]


@pytest.fixture
def absent(settings):
    """A cache at a port where nobody listens; an address that no other test has."""
    return cache_at(settings, f"127.0.0.1:1/{next(_numbers)}")


def test_absent_cache_keeps_nothing_and_fails_nothing(absent, caplog):
    assert isinstance(absent, ForgivingRedisCache)

    answers = [
        absent.set("a", 1),
        absent.get("a"),
        absent.get("a", "none"),
        absent.add("a", 1),
        absent.delete("a"),
        absent.clear(),
    ]

    assert answers == [None, None, "none", True, False, False]
    assert len(caplog.records) == 1


def test_cache_that_hangs_is_waited_for_once(settings, hanging):
    silent = cache_at(settings, hanging.address)

    answers = [silent.get("a", "none") for _ in range(20)]

    assert answers == ["none"] * 20
    assert hanging.connections() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/news/", "/api/v1/articles/opening/"])
def test_pages_and_api_answer_without_the_cache(absent, client, path, caplog):
    published(article("opening", body_en="A long report. " * 50))

    answer = client.get(path, headers={"accept-encoding": "br"})

    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "br"


@pytest.mark.worker
def test_cache_has_not_the_prefix_of_the_broker():
    prefix = portal_settings.CACHES["default"]["KEY_PREFIX"]
    of_broker = portal_settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]

    assert not of_broker.startswith(f"{prefix}:")
    assert prefix.startswith(of_broker)


@pytest.mark.worker
def test_clear_deletes_the_keys_of_the_cache_only():
    queue = f"{portal_settings.REDIS_PREFIX}:a-queue"
    cache.set("a", 1)

    with redis.Redis.from_url(portal_settings.REDIS_URL) as client:
        client.set(queue, "a job")
        cache.clear()
        kept = client.get(queue)
        client.delete(queue)

    assert kept == b"a job"
    assert cache.get("a") is None
