"""Outbox of background jobs, and heartbeats of the processes that run them.

A job row is written in the transaction of the change that needs the job. The job is
therefore not lost if the process dies, and not run if the change is rolled back.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.jobs.choices import JobState
from portal.core.jobs.querysets import JobQuerySet


class Job(models.Model):
    """One call of a registered job; ``payload`` holds its keyword arguments."""

    name = models.CharField(_("name"), max_length=100)
    payload = models.JSONField(_("job parameters"), default=dict)
    state = models.CharField(
        pgettext_lazy("of a job", "status"),
        max_length=10,
        choices=JobState,
        default=JobState.WAITING,
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    run_after = models.DateTimeField(_("earliest start"))
    created_at = models.DateTimeField(_("created at"))
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    error = models.TextField(_("error"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        indexes = [
            models.Index(fields=["state", "run_after"], name="jobs_job_state_run_after")
        ]

    def __str__(self):
        return f"{self.name} #{self.pk}"


class Heartbeat(models.Model):
    """Time of the last heartbeat of a background process; one row per ``name``."""

    name = models.CharField(_("name"), max_length=20, unique=True)
    at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return self.name
