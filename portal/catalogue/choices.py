from django.db import models
from django.utils.translation import gettext_lazy as _

# Filter words of few values, each of which many records have.
BROAD_WORDS = ("scope", "direction", "kind")
# Filter words whose values are codes of records of the kind of that name.
RECORD_WORDS = ("country", "organ")
# States of an event that did not take place, or has not yet.
NOT_DONE = ("planned", "postponed", "cancelled")


class Done(models.TextChoices):
    """Filter word ``done``: what the record does not say to be still to come."""

    YES = "yes", _("Without planned, postponed and cancelled ones")


class Dated(models.TextChoices):
    """Filter word ``dated``: whether a date is on record."""

    YES = "yes", _("Date on record")
    NO = "no", _("Date not on record")


# Words that mean the same for every kind that has them.
SHARED_CHOICES = {"done": Done, "dated": Dated}
