"""Queryset of background jobs, and the limits that decide when a job is due."""

import datetime as dt

from django.db import models
from django.db.models import Q

from portal.core.jobs.choices import JobState

# A worker that has not finished a job by then is considered dead; the job is run again.
WORKER_TIMEOUT = dt.timedelta(minutes=15)
MAX_ATTEMPTS = 5


class JobQuerySet(models.QuerySet):
    """Queryset of background jobs."""

    def due(self, at: dt.datetime) -> "JobQuerySet":
        """Filter jobs that may be started at ``at``.

        These are waiting jobs whose time has come, and running jobs whose worker is
        considered dead, as long as they have attempts left.
        """
        return self.filter(
            Q(state=JobState.WAITING, run_after__lte=at) | _worker_timed_out(at),
            attempts__lt=MAX_ATTEMPTS,
        )

    def abandoned(self, at: dt.datetime) -> "JobQuerySet":
        """Filter jobs whose worker is considered dead after the last attempt."""
        return self.filter(_worker_timed_out(at), attempts__gte=MAX_ATTEMPTS)


def _worker_timed_out(at: dt.datetime) -> Q:
    return Q(state=JobState.RUNNING, started_at__lte=at - WORKER_TIMEOUT)
