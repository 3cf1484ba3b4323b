import datetime as dt

from django.db import models
from django.db.models import Q

from portal.jobs.choices import JobState

# A worker that has not finished by then is taken for dead, and its job goes again.
LOST_AFTER = dt.timedelta(minutes=15)
MAX_ATTEMPTS = 5


class JobQuerySet(models.QuerySet):
    """Jobs …"""

    def due(self, at: dt.datetime) -> "JobQuerySet":
        """… that may be started now: waiting, or left behind by a dead worker."""
        return self.filter(
            Q(state=JobState.WAITING, run_after__lte=at) | _lost(at),
            attempts__lt=MAX_ATTEMPTS,
        )

    def abandoned(self, at: dt.datetime) -> "JobQuerySet":
        """… left behind by a dead worker once too often."""
        return self.filter(_lost(at), attempts__gte=MAX_ATTEMPTS)


def _lost(at: dt.datetime) -> Q:
    return Q(state=JobState.RUNNING, started_at__lte=at - LOST_AFTER)
