"""What every test has; the plumbing is in the plugins named here."""

import os
import socket
from contextlib import suppress

import pytest

# Playwright keeps an event loop in the thread of the tests, and Django would take
# every query for one made inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytest_plugins = ("tests.browsers", "tests.proxies", "tests.workers")


@pytest.fixture(autouse=True)
def empty_cache():
    """Counts of the request limit and kept answers do not pass from test to test."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def known_content_types(request):
    """Tests that count queries find Django's cache of content types filled, whatever
    ran before them in this process."""
    uses_database = request.node.get_closest_marker("django_db")
    if uses_database or "db" in request.fixturenames:
        request.getfixturevalue("db")
        from django.apps import apps
        from django.contrib.contenttypes.models import ContentType

        ContentType.objects.get_for_models(*apps.get_models())


@pytest.fixture(autouse=True)
def english():
    """A test that asks for a page in Thai leaves no Thai to the next one."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def admin_user(admin_user):
    """pytest-django's, reading English as all tests do."""
    admin_user.interface_language = "en"
    admin_user.save()
    return admin_user


class Hanging:
    """A server that takes connections and says nothing."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def connections(self) -> int:
        """How many have come in."""
        self._socket.setblocking(False)
        taken = 0
        with suppress(BlockingIOError):
            while True:
                self._socket.accept()[0].close()
                taken += 1
        return taken

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def hanging():
    server = Hanging()
    yield server
    server.close()
