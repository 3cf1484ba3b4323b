"""The one place where a committed job reaches for the broker."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

from portal.jobs.absence import Absence

# Jobs of these seconds wait for the sweep, which comes each minute.
_absence = Absence(seconds=5)
logger = logging.getLogger(__name__)


def wake_worker(job_id: int) -> None:
    """Ask a worker to run the job now; an absent broker is logged, never raised."""
    broker = current_app.conf.broker_url
    if _absence.is_recent(broker):
        return
    try:
        current_app.send_task("jobs.run", kwargs={"job_id": job_id}, retry=False)
    except (OperationalError, OSError) as error:
        _absence.note(broker)
        logger.warning("no worker woken for job %s: %s", job_id, error)
