"""Pytest plugin: tests that need services, and processes of Celery worker and beat."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.quick import uses_database

# A module with one of these words may use a service or send a request.
SERVICE_WORDS = re.compile(
    "broker|cache|celery|client|connection|database|postgres|redis|request", re.I
)
SERVICE_MARKERS = ("worker", "nginx")
START_SECONDS = 30
STOP_SECONDS = 10


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list) -> None:
    if "TEST_DATABASE_URL" not in os.environ:
        # A worker is another process and cannot see this process's in-memory database.
        _deselect(config, items, "worker")
        # Several server threads read the database during tests with nginx.
        _deselect(config, items, "nginx")
    elif connection.vendor == "postgresql":
        _remove(config, items, [i for i in items if not _depends_on_services(i)])


def _deselect(config: pytest.Config, items: list, marker: str) -> None:
    _remove(config, items, [i for i in items if i.get_closest_marker(marker)])


def _remove(config: pytest.Config, items: list, unfit: list) -> None:
    if unfit:
        config.hook.pytest_deselected(items=unfit)
        removed = set(unfit)
        items[:] = [item for item in items if item not in removed]


def _depends_on_services(item: pytest.Item) -> bool:
    """Whether a test may behave differently on PostgreSQL and Redis.

    A test without a database may still use the cache or the broker: it is left out only
    if its module does not name them, and sends no request.
    """
    if uses_database(item) or any(map(item.get_closest_marker, SERVICE_MARKERS)):
        return True
    return _names_services(item.path)


@cache
def _names_services(path: Path) -> bool:
    return bool(SERVICE_WORDS.search(path.read_text(encoding="utf-8")))


@pytest.fixture
def celery_worker_process(transactional_db, settings) -> Iterator[subprocess.Popen]:
    """Run a worker that uses this test process's own queue, until the test ends."""
    from portal.celery import app

    settings.JOBS_EAGER = False
    command = ["celery", "-A", "portal.celery", "worker", "-P", "solo"]
    worker = subprocess.Popen(
        [sys.executable, "-m", *command, "-Q", settings.CELERY_TASK_DEFAULT_QUEUE],
        env=_worker_environment(settings.REDIS_PREFIX),
    )
    try:
        _wait_until_it_answers(worker, app)
        yield worker
    finally:
        _stop(worker)


@pytest.fixture
def celery_beat_process(transactional_db, settings, tmp_path) -> Iterator:
    """Run Celery beat with this test process's own queue, until the test ends."""
    command = ["celery", "-A", "portal.celery", "beat", "-s", tmp_path / "schedule"]
    beat = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=_worker_environment(settings.REDIS_PREFIX),
    )
    try:
        yield beat
    finally:
        _stop(beat)


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _worker_environment(redis_prefix: str) -> dict[str, str]:
    parts = urlsplit(os.environ["TEST_DATABASE_URL"])
    database = parts._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATABASE_URL": urlunsplit(database),
        "TEST_REDIS_PREFIX": redis_prefix,
        "TEST_JOBS_EAGER": "false",
        "TEST_MEDIA_ROOT": os.environ["PORTAL_VAR"] + "/media",
    }
    # REDIS_PREFIX already contains the name of this test process.
    environment.pop("PYTEST_XDIST_WORKER", None)
    return environment


def _wait_until_it_answers(worker: subprocess.Popen, app) -> None:
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last:
        if worker.poll() is not None:
            pytest.fail(f"the Celery worker ended with code {worker.returncode}")
        if app.control.ping(timeout=0.5):
            return
    pytest.fail(f"the Celery worker did not answer within {START_SECONDS} s")
