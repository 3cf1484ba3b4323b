"""Fixtures of every test, and the list of plugins."""

import gc
import os
import socket
from contextlib import suppress

import pytest

# Playwright runs an event loop in the thread of the tests, in which Django would
# otherwise refuse every query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytest_plugins = (
    "tests.browsers",
    "tests.computed_texts",
    "tests.databases",
    "tests.proxies",
    "tests.quick",
    "tests.scheduling",
    "tests.workers",
)


def pytest_collection_finish():
    """Collect garbage rarely: modules and collected tests make each run expensive.

    With Python's own threshold the suite needs 7 % more CPU.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


@pytest.fixture(autouse=True)
def empty_cache():
    """Clear request counts and cached answers before each test."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def known_content_types(request):
    """Fill Django's cache of content types, so that counts of queries are constant."""
    uses_database = request.node.get_closest_marker("django_db")
    if uses_database or "db" in request.fixturenames:
        request.getfixturevalue("db")
        from django.apps import apps
        from django.contrib.contenttypes.models import ContentType

        ContentType.objects.get_for_models(*apps.get_models())


@pytest.fixture(autouse=True)
def english():
    """Activate English: the language of a request would stay active afterwards."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def admin_user(admin_user):
    """The superuser of pytest-django, with an interface in English."""
    admin_user.interface_language = "en"
    admin_user.save()
    return admin_user


class Hanging:
    """A server that accepts connections and never answers."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def connections(self) -> int:
        """Return the number of connections that clients have opened."""
        self._socket.setblocking(False)
        accepted = 0
        with suppress(BlockingIOError):
            while True:
                self._socket.accept()[0].close()
                accepted += 1
        return accepted

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def hanging():
    server = Hanging()
    yield server
    server.close()
