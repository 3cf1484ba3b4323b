"""A broker that is away costs nothing but the minute until the sweep."""

import time
from contextlib import contextmanager
from itertools import count

import pytest
from celery import Celery, current_app

from portal.jobs import operations
from portal.jobs.choices import JobState
from portal.jobs.models import Job
from portal.jobs.tasks import sweep
from portal.publishing.choices import Status
from portal.publishing.tasks import publish_due
from tests import reviewing
from tests.factories.conference import article
from tests.factories.directory import country
from tests.factories.publishing import AT, actor, in_review, published, scheduled

pytestmark = pytest.mark.django_db
_numbers = count()


@contextmanager
def broker_at(address: str, **options):
    kept = current_app._get_current_object()
    with Celery(broker=address, set_as_current=False) as other:
        other.conf.broker_transport_options = options
        other.set_current()
        yield
        kept.set_current()


@pytest.fixture
def options(settings) -> dict:
    settings.JOBS_EAGER = False
    return settings.CELERY_BROKER_TRANSPORT_OPTIONS


@pytest.fixture
def broker_is_away(options):
    """Jobs go to a broker on a port where nobody listens, new to this process."""
    with broker_at(f"redis://127.0.0.1:1/{next(_numbers)}", **options):
        yield


@pytest.fixture
def broker_hangs(options, hanging):
    with broker_at(f"redis://{hanging.address}", **{**options, "socket_timeout": 0.2}):
        yield hanging


@pytest.fixture
def broker_is_misnamed(options):
    """A broker's address that no client of it can be made for."""
    with broker_at("nonsense://127.0.0.1/"):
        yield


def test_absent_broker_does_not_fail_the_change(
    broker_is_away, django_capture_on_commit_callbacks, caplog
):
    vietnam = country("VN")
    published(article(countries=[vietnam]))
    in_review(vietnam)
    began = time.monotonic()

    with django_capture_on_commit_callbacks(execute=True):
        reviewing.approve(vietnam, by=actor(), at=AT)

    # Celery's own default tries for six seconds, and the request waits for it.
    assert time.monotonic() - began < 2
    job = Job.objects.get()
    assert vietnam.status == Status.PUBLISHED
    assert job.state == JobState.WAITING
    assert [record.getMessage().split(": ")[0] for record in caplog.records] == [
        f"no worker woken for job {job.pk}"
    ]


def test_broker_that_hangs_is_waited_for_once(
    broker_hangs, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for value in ("VN", "LA", "KH"):
            job = {"axis": "country", "value": value}
            operations.enqueue("catalogue.refresh_using", at=AT, **job)

    assert broker_hangs.connections() == 1
    assert Job.objects.filter(state=JobState.WAITING).count() == 3


def test_nobody_waits_for_a_broker_without_end(options):
    assert options["socket_timeout"] <= 3


def test_no_failure_of_waking_fails_the_change(
    broker_is_misnamed, django_capture_on_commit_callbacks, caplog
):
    with django_capture_on_commit_callbacks(execute=True):
        operations.enqueue("catalogue.refresh_using", at=AT, axis="country", value="VN")

    assert Job.objects.get().state == JobState.WAITING
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_sweep_does_what_no_worker_was_woken_for(broker_is_away):
    operations.enqueue("catalogue.refresh_using", at=AT, axis="country", value="VN")

    assert sweep() == 1
    assert Job.objects.get().state == JobState.DONE


def test_publish_due_task_signs_with_its_own_actor():
    record = scheduled(article(), AT.replace(hour=20))

    assert publish_due() == 1

    record.refresh_from_db()
    assert record.status == Status.PUBLISHED
    assert record.updated_by.username == "system:publish-due"
