"""The Celery application; production unless the environment says otherwise."""

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
# An empty variable counts as not set; the settings would take it for local.
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
        "sweep-jobs": {"task": "jobs.sweep", "schedule": 60},
        "rebuild-catalogue": {
            "task": "catalogue.rebuild",
            "schedule": crontab(hour=18, minute=30),
        },
        "sweep-files": {"task": "files.sweep", "schedule": 24 * 60 * 60},
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
def wait_for_the_broker(conf, **kwargs):
    """The limit of time is for requests. A worker that gives up telling that a job is
    done never has its place for that job back, and at last takes none at all."""
    options = dict(conf.broker_transport_options)
    options.pop("socket_timeout", None)
    conf.broker_transport_options = options


@worker_ready.connect
def start_heartbeat(**kwargs):
    """Report from a thread: the worker's main thread may wait for the broker."""
    # Imports models, which needs Django to be set up.
    heartbeats = import_module("portal.jobs.heartbeats")
    heartbeats.HeartbeatThread(heartbeats.WORKER).start()


@beat_init.connect
@beat_embedded_init.connect
def report_scheduled_tasks(**kwargs):
    """Report at the start and each time beat is about to send a task: every minute."""
    report_beat()
    before_task_publish.connect(report_beat)


def report_beat(**kwargs):
    """Record a heartbeat of beat; no connection stays open until the next one."""
    heartbeats = import_module("portal.jobs.heartbeats")
    heartbeats.report(heartbeats.BEAT)
    connections.close_all()
