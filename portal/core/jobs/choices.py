from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """State of a job; a failed attempt returns to WAITING until attempts run out."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
