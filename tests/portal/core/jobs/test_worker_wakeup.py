"""An unreachable broker delays jobs by a minute at most, until the next sweep."""

import time
from contextlib import contextmanager
from itertools import count

import pytest
from celery import Celery, current_app

from portal.content.publishing.choices import Status
from portal.content.spreadsheets.tasks import publish_due
from portal.core.jobs import operations
from portal.core.jobs.choices import JobState
from portal.core.jobs.models import Job
from portal.core.jobs.tasks import run_due_jobs
from tests import reviewing
from tests.factories.conference import article
from tests.factories.directory import country
from tests.factories.publishing import AT, actor, in_review, published, scheduled

pytestmark = pytest.mark.django_db
_numbers = count()


@contextmanager
def broker_at(address: str, **options):
    previous_app = current_app._get_current_object()
    with Celery(broker=address, set_as_current=False) as app:
        app.conf.broker_transport_options = options
        app.set_current()
        yield
        previous_app.set_current()


@pytest.fixture
def options(settings) -> dict:
    settings.JOBS_EAGER = False
    return settings.CELERY_BROKER_TRANSPORT_OPTIONS


@pytest.fixture
def unreachable_broker(options):
    """Use a broker at a port without a server.

    The address is new in this process, so no circuit breaker is open for it yet.
    """
    with broker_at(f"redis://127.0.0.1:1/{next(_numbers)}", **options):
        yield


@pytest.fixture
def broker_hangs(options, hanging):
    with broker_at(f"redis://{hanging.address}", **{**options, "socket_timeout": 0.2}):
        yield hanging


@pytest.fixture
def broker_is_misnamed(options):
    """Use a broker URL for which Celery cannot create a client."""
    with broker_at("nonsense://127.0.0.1/"):
        yield


def test_unreachable_broker_does_not_fail_transaction(
    unreachable_broker, django_capture_on_commit_callbacks, caplog
):
    vietnam = country("VN")
    published(article(countries=[vietnam]))
    in_review(vietnam)
    began = time.monotonic()

    with django_capture_on_commit_callbacks(execute=True):
        reviewing.approve(vietnam, by=actor(), at=AT)

    # Celery's default retries for six seconds, and the request would wait for it.
    assert time.monotonic() - began < 2
    job = Job.objects.get()
    assert vietnam.status == Status.PUBLISHED
    assert job.state == JobState.WAITING
    assert [record.getMessage().split(": ")[0] for record in caplog.records] == [
        f"could not notify a worker about job {job.pk}"
    ]


def test_hanging_broker_times_out_once(
    broker_hangs, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for value in ("VN", "LA", "KH"):
            job = {"axis": "country", "value": value}
            operations.enqueue("catalogue.refresh_using", at=AT, **job)

    assert broker_hangs.connections() == 1
    assert Job.objects.filter(state=JobState.WAITING).count() == 3


def test_broker_connection_has_timeout(options):
    assert options["socket_timeout"] <= 3


def test_misconfigured_broker_does_not_fail_transaction(
    broker_is_misnamed, django_capture_on_commit_callbacks, caplog
):
    with django_capture_on_commit_callbacks(execute=True):
        operations.enqueue("catalogue.refresh_using", at=AT, axis="country", value="VN")

    assert Job.objects.get().state == JobState.WAITING
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_sweep_runs_jobs_without_wakeup(unreachable_broker):
    operations.enqueue("catalogue.refresh_using", at=AT, axis="country", value="VN")

    assert run_due_jobs() == 1
    assert Job.objects.get().state == JobState.DONE


def test_publish_due_task_uses_its_system_actor():
    record = scheduled(article(), AT.replace(hour=20))

    assert publish_due() == 1

    record.refresh_from_db()
    assert record.status == Status.PUBLISHED
    assert record.updated_by.username == "system:publish-due"
