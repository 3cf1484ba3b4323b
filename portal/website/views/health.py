"""Health checks: ``/live`` (the process is up) and ``/ready`` (it can serve)."""

import logging
import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.utils import Error
from django.http import JsonResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from portal.core.database import describe
from portal.core.jobs.heartbeats import LateProcess
from portal.website.views.probes import (
    NotMigratedError,
    Probe,
    ProbeTimeoutError,
    check_database,
    check_redis,
)

# Time limit of all checks together; the monitor's own limit is two seconds.
_TIMEOUT_SECONDS = 1.5
_database, _redis = Probe(check_database), Probe(check_redis)
logger = logging.getLogger(__name__)


@login_not_required
@require_safe
def live(request):
    """Answer 200: the process handles requests."""
    return _disable_caching(JsonResponse({"status": "ok"}))


@login_not_required
@require_safe
def ready(request):
    """Answer 200 if this process can serve requests, 503 without its database.

    Redis, worker and beat are not needed to serve requests; ``degraded`` lists those
    that do not run.
    """
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    database, redis = _database.start(), _redis.start()
    try:
        late = database.result(deadline - time.monotonic())
    except (Error, NotMigratedError, ProbeTimeoutError) as error:
        return _unavailable(error)
    parts = {"database": "answers"}
    if settings.REDIS_URL:
        parts["redis"] = "answers"
    degraded = [process.name for process in late]
    parts |= {process.name: _describe(process) for process in late}
    try:
        redis.result(deadline - time.monotonic())
    except (OSError, RedisError, ProbeTimeoutError):
        parts["redis"] = "does not answer"
        degraded.insert(0, "redis")
    status = {"status": "degraded", "degraded": degraded} if degraded else {}
    return _disable_caching(JsonResponse({"status": "ok", **parts, **status}))


def _unavailable(error: Exception) -> JsonResponse:
    state = "does not answer"
    if isinstance(error, NotMigratedError):
        state = "is not migrated"
    detail = describe(error) if isinstance(error, Error) else type(error).__name__
    logger.error("/ready: the database %s: %s", state, detail)
    body = {"status": "unavailable", "database": state}
    return _disable_caching(JsonResponse(body, status=503))


def _describe(process: LateProcess) -> str:
    """Return when a background process last reported, as text for ``/ready``."""
    if process.since is None:
        return "never reported"
    return f"last reported {process.since.isoformat(timespec='seconds')}"


def _disable_caching(response):
    """Disable caching of a health check response."""
    response["Cache-Control"] = "no-store"
    return response
