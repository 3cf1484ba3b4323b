"""The Celery application; production unless the environment says otherwise."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_MODE", "production")

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
        "sweep-files": {"task": "files.sweep", "schedule": 24 * 60 * 60},
        "prune-sign-ins": {
            "task": "accounts.prune_sign_ins",
            "schedule": 24 * 60 * 60,
        },
    },
)
app.autodiscover_tasks()
