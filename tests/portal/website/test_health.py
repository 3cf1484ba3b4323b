"""/ready returns 503 only if this process cannot serve, within two seconds."""

import datetime as dt
import threading
import time

import pytest
from django.db import OperationalError, ProgrammingError, connections
from django.utils import timezone

from portal.core.jobs.operations import record_heartbeat
from portal.website.views import health, probes

pytestmark = pytest.mark.django_db(transaction=True)
LATE = dt.timedelta(minutes=4)


@pytest.fixture(autouse=True)
def own_probes(monkeypatch, settings):
    """Replace the probes; those of an earlier test may still wait for a check."""
    monkeypatch.setattr(health, "_database", probes.Probe(probes.check_database))
    monkeypatch.setattr(health, "_redis", probes.Probe(probes.check_redis))
    monkeypatch.setattr(probes, "_is_migrated", False)
    settings.REDIS_URL = ""


@pytest.fixture
def check_database(monkeypatch):
    """Return a function that replaces the database check."""

    def replace(check):
        monkeypatch.setattr(health, "_database", probes.Probe(check))

    return replace


def fail_with(error: Exception):
    def fail():
        raise error

    return fail


def test_ready_is_200_and_names_its_parts(client):
    response = client.get("/ready")

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.json() == {
        "status": "ok",
        "database": "answers",
    }


def test_ready_names_redis_where_it_is_used(client, settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(health, "_redis", probes.Probe(lambda: None))

    assert client.get("/ready").json()["redis"] == "answers"


def test_ready_uses_its_own_connection(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/ready").status_code == 200


def test_ready_is_503_while_the_database_is_unavailable(client, check_database):
    for error in (
        OperationalError("could not connect: host=db.internal"),
        ProgrammingError("relation does not exist"),
    ):
        check_database(fail_with(error))

        response, live = client.get("/ready"), client.get("/live")

        assert (response.status_code, live.status_code) == (503, 200)
        assert response["Cache-Control"] == "no-store"
        assert response.json() == {
            "status": "unavailable",
            "database": "does not answer",
        }


def test_ready_is_503_until_migrations_are_applied(client, monkeypatch):
    recorder = probes.MigrationRecorder
    applied = recorder(connections["default"]).applied_migrations()
    last = max(key for key in applied if key[0] == "jobs")
    without_last = {key: migration for key, migration in applied.items() if key != last}
    monkeypatch.setattr(recorder, "applied_migrations", lambda self: without_last)
    before = client.get("/ready")
    monkeypatch.setattr(recorder, "applied_migrations", lambda self: applied)
    after = client.get("/ready")

    assert before.status_code == 503
    assert before.json()["database"] == "is not migrated"
    assert after.status_code == 200


def test_ready_answers_while_the_database_hangs(client, check_database):
    end = threading.Event()
    calls = []

    def hang():
        calls.append(1)
        end.wait(60)

    check_database(hang)
    started = time.monotonic()
    responses = [client.get("/ready").status_code for _ in range(2)]
    seconds = time.monotonic() - started
    end.set()

    assert responses == [503, 503]
    # Only one thread waits, however often a monitor requests the page.
    assert calls == [1]
    assert seconds < 2 * 2


def test_ready_is_degraded_while_redis_is_away_or_hangs(client, settings, hanging):
    for address in ("127.0.0.1:1", hanging.address):
        settings.REDIS_URL = f"redis://{address}/0"

        response = client.get("/ready")

        assert response.status_code == 200, address
        assert response.json() == {
            "status": "degraded",
            "degraded": ["redis"],
            "database": "answers",
            "redis": "does not answer",
        }


def test_ready_is_degraded_while_worker_or_beat_is_late(client, settings):
    settings.PORTAL_MODE, settings.JOBS_EAGER = "production", False
    now = timezone.now().replace(microsecond=0)
    record_heartbeat("worker", at=now)
    never = client.get("/ready").json()
    record_heartbeat("worker", at=now - LATE)
    record_heartbeat("beat", at=now - LATE)
    late = client.get("/ready")
    record_heartbeat("worker", at=now)
    record_heartbeat("beat", at=now)
    recovered = client.get("/ready").json()

    assert (never["degraded"], never["beat"]) == (["beat"], "never reported")
    assert late.status_code == 200
    assert late.json()["status"] == "degraded"
    assert late.json()["degraded"] == ["worker", "beat"]
    assert late.json()["worker"] == f"last reported {(now - LATE).isoformat()}"
    assert recovered["status"] == "ok"
