"""The Celery application, in production mode unless PORTAL_MODE is set."""

import os
from importlib import import_module

from celery import Celery
from celery.schedules import crontab
from celery.signals import (
    beat_embedded_init,
    beat_init,
    before_task_publish,
    celeryd_init,
    worker_ready,
)
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# An empty variable counts as not set: the settings would use local mode.
os.environ["PORTAL_MODE"] = os.environ.get("PORTAL_MODE", "").strip() or "production"

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    timezone="UTC",
    broker_connection_retry_on_startup=True,
    beat_schedule={
        "publish-due": {"task": "publishing.publish_due", "schedule": 60},
        "run-due-jobs": {"task": "jobs.sweep", "schedule": 60},
        "enqueue-due-staff-jobs": {"task": "staff.enqueue_due_jobs", "schedule": 60},
        "rebuild-catalogue": {
            "task": "catalogue.rebuild",
            "schedule": crontab(hour=18, minute=30),
        },
        "delete-orphaned-files": {"task": "files.sweep", "schedule": 24 * 60 * 60},
        "prune-sign-ins": {
            "task": "accounts.prune_sign_ins",
            "schedule": 24 * 60 * 60,
        },
        "prune-form-submissions": {
            "task": "accounts.prune_form_submissions",
            "schedule": 24 * 60 * 60,
        },
    },
)
app.autodiscover_tasks()


@celeryd_init.connect
def remove_worker_socket_timeout(conf, **kwargs):
    """Remove the broker's socket timeout in workers.

    The timeout is for web requests. A worker whose acknowledgement of a task times out
    never frees that task's prefetch slot, and finally receives no tasks.
    """
    options = dict(conf.broker_transport_options)
    options.pop("socket_timeout", None)
    conf.broker_transport_options = options


@worker_ready.connect
def start_heartbeat(**kwargs):
    """Record the worker's heartbeats in a thread.

    The main thread may be blocked while it waits for the broker.
    """
    # Importing models requires that Django is set up.
    heartbeats = import_module("portal.core.jobs.heartbeats")
    heartbeats.HeartbeatThread(heartbeats.WORKER).start()


@beat_init.connect
@beat_embedded_init.connect
def report_scheduled_tasks(**kwargs):
    """Record a heartbeat of Celery beat at its start and before each task it sends.

    Beat sends a task every minute.
    """
    report_beat()
    before_task_publish.connect(report_beat)


def report_beat(**kwargs):
    """Record a heartbeat of Celery beat and close its database connections.

    Without closing, a connection would stay open until the next heartbeat.
    """
    heartbeats = import_module("portal.core.jobs.heartbeats")
    heartbeats.report(heartbeats.BEAT)
    connections.close_all()
