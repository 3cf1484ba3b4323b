"""What every test has; the plumbing is in the plugins named here."""

import os

import pytest

# Playwright keeps an event loop in the thread of the tests, and Django would take
# every query for one made inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytest_plugins = ("tests.browsers", "tests.workers")


@pytest.fixture(autouse=True)
def empty_cache():
    """Counts of the request limit and kept answers do not pass from test to test."""
    from django.core.cache import cache

    cache.clear()


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
