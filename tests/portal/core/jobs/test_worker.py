"""The outbox with a real Celery worker; runs only with ``make test-services``."""

import time

import pytest
from django.db import transaction
from django.utils import timezone

from portal.content.catalogue.models import Entry
from portal.core.jobs.choices import JobState
from portal.core.jobs.models import Heartbeat, Job
from portal.reference.directory import operations
from tests.factories import conference, directory
from tests.factories.publishing import published

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
WAIT_SECONDS = 20


def edition_at(place):
    edition = conference.edition(15)
    edition.places.add(place)
    return published(edition)


def wait_until_done(job: Job) -> None:
    last = time.monotonic() + WAIT_SECONDS
    while job.state != JobState.DONE and time.monotonic() < last:
        time.sleep(0.1)
        job.refresh_from_db()


def test_worker_refreshes_entry_when_place_changes(celery_worker_process):
    place = directory.place("nanning", time_zone="Asia/Shanghai")
    edition_at(place)

    place.time_zone = "Asia/Hong_Kong"
    with transaction.atomic():
        place.save()
        operations.enqueue_refresh_after_rename(place, at=timezone.now())

    job = Job.objects.get(name="catalogue.refresh")
    wait_until_done(job)
    assert job.state == JobState.DONE
    assert Entry.objects.get(kind="edition").zone == "Asia/Hong_Kong"


def test_worker_and_beat_report(celery_worker_process, celery_beat_process):
    last = time.monotonic() + WAIT_SECONDS
    while Heartbeat.objects.count() < 2 and time.monotonic() < last:
        time.sleep(0.1)

    names = set(Heartbeat.objects.values_list("name", flat=True))
    assert names == {"worker", "beat"}
