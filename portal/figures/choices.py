from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Subject(models.TextChoices):
    """What a reported total counts."""

    SEMINARS = "seminars", _("seminars")
    VISITS_INBOUND = "visits_inbound", _("visits received")
    VISITS_OUTBOUND = "visits_outbound", _("visits made")
    MEETINGS = "meetings", _("meetings")
    TRAINING = "training", _("training")


class FigureQualifier(models.TextChoices):
    """How exact a reported total is; "a number of" comes without a value."""

    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    OVER = "over", _("over")
    A_NUMBER_OF = "a-number-of", _("it happened; the source gives no number")


class Measure(models.TextChoices):
    """What is added up of the records that a fact counts."""

    RECORDS = "records", pgettext_lazy("measure", "number of records")
    PARTICIPANTS = "participants", pgettext_lazy("measure", "reported participants")
