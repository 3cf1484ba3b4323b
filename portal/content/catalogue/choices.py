from django.db import models
from django.utils.translation import gettext_lazy as _

# Filter parameters with few distinct values, each shared by many records.
BROAD_FILTERS = ("scope", "direction", "kind")
# Filter parameters whose values are codes of records of the kind with the same name.
RECORD_FILTERS = ("country", "organ")
# States of an event that has not taken place.
STATES_NOT_HELD = ("planned", "postponed", "cancelled")


class DoneChoice(models.TextChoices):
    """Values of the filter ``done``: exclude events that have not taken place."""

    YES = "yes", _("Without planned, postponed and cancelled events")


class DatedChoice(models.TextChoices):
    """Values of the filter ``dated``: whether the record has a date."""

    YES = "yes", _("Date known")
    NO = "no", _("Date not known")


# Choices of filters that have the same meaning for every kind that supports them.
SHARED_FILTER_CHOICES = {"done": DoneChoice, "dated": DatedChoice}
