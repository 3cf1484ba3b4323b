"""Notification of Celery workers about new jobs; the only use of the broker here."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

from portal.core.jobs.circuit_breaker import CircuitBreaker

# Jobs enqueued in these seconds are run by run_due_jobs, which is called each minute.
_broker_breaker = CircuitBreaker(reset_timeout_seconds=5)
logger = logging.getLogger(__name__)


def wake_worker(job_id: int) -> None:
    """Ask a worker to run the job now.

    An unreachable broker is logged and not raised; for some seconds after that no
    message is sent at all. The job is then run by the periodic ``run_due_jobs``.
    """
    broker = current_app.conf.broker_url
    if _broker_breaker.is_open(broker):
        return
    try:
        current_app.send_task("jobs.run", kwargs={"job_id": job_id}, retry=False)
    except (OperationalError, OSError) as error:
        _broker_breaker.record_failure(broker)
        logger.warning("could not notify a worker about job %s: %s", job_id, error)
