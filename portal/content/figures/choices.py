from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FigureSubject(models.TextChoices):
    """Subjects of reported figures."""

    SEMINARS = "seminars", _("seminars")
    SEMINAR_COUNTRIES = "seminar_countries", _("countries taking part in seminars")
    VISITS_INBOUND = "visits_inbound", _("visits to China")
    VISIT_COUNTRIES = "visit_countries", _("countries of visiting delegations")
    VISITS_OUTBOUND = "visits_outbound", _("visits from China")
    MEETINGS = "meetings", _("meetings")
    TRAINING = "training", _("training")


class FigureQualifier(models.TextChoices):
    """Exactness of a reported figure; A_NUMBER_OF means that no number is given."""

    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    OVER = "over", _("more than")
    A_NUMBER_OF = "a-number-of", _("number not given in the source")


class Measure(models.TextChoices):
    """What an indicator adds up: records, or their reported participants."""

    RECORDS = "records", pgettext_lazy("measure", "number of records")
    PARTICIPANTS = "participants", pgettext_lazy("measure", "participants (reported)")
