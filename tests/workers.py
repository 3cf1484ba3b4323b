"""Pytest plugin: processes of Celery worker and beat, and the order of tests."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

START_SECONDS = 30
STOP_SECONDS = 10


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list) -> None:
    if "TEST_DATABASE_URL" not in os.environ:
        # A worker is another process and cannot see this process's in-memory database.
        _deselect(config, items, "worker")
        # Several server threads read the database during tests with nginx.
        _deselect(config, items, "nginx")
    # The order is random, but tests that empty the tables run after tests that rely on
    # rows created by migrations.
    items.sort(key=_empties_tables)


def _deselect(config: pytest.Config, items: list, marker: str) -> None:
    unfit = [item for item in items if item.get_closest_marker(marker)]
    if unfit:
        config.hook.pytest_deselected(items=unfit)
        items[:] = [item for item in items if item not in unfit]


def _empties_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server", "celery_worker_process"}
    return bool(
        (marker and marker.kwargs.get("transaction"))
        or fixtures & set(getattr(item, "fixturenames", ()))
    )


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
