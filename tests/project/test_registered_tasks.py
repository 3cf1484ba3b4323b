"""A worker finds every scheduled task and every job that the code enqueues.

Celery and the registry of jobs import the ``tasks`` modules of installed apps only. A
module in another package is missed, without an error before the task is due.
"""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.project.source_tree import APPS, ROOT, python_files

# A process of its own: tests import modules that a worker does not.
SCRIPT = """
import json
import django
django.setup()
from portal.celery import app
from portal.core.jobs.registry import _jobs
app.loader.import_default_modules()
app.finalize()
scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
print(json.dumps([sorted(scheduled), sorted(app.tasks), sorted(_jobs)]))
"""
ENQUEUED = re.compile(r"\benqueue\(\s*\"([a-z_]+\.[a-z_]+)\"")


@pytest.fixture(scope="module")
def worker() -> tuple[set[str], set[str], set[str]]:
    """Return scheduled tasks, registered tasks and registered jobs of a new process."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_MODE": "local",
        "DATABASE_URL": "sqlite://:memory:",
    }
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    scheduled, tasks, jobs = json.loads(result.stdout)
    return set(scheduled), set(tasks), set(jobs)


def test_every_scheduled_task_is_registered(worker):
    scheduled, tasks, _jobs = worker

    assert scheduled
    assert scheduled - tasks == set()


def test_every_enqueued_job_is_registered(worker):
    _scheduled, _tasks, jobs = worker
    enqueued = {
        name
        for path in python_files(*APPS)
        for name in ENQUEUED.findall(path.read_text(encoding="utf-8"))
    }

    assert "publishing.import_rows" in enqueued
    assert enqueued - jobs == set()
