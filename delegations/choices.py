from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Direction(models.TextChoices):
    """Direction in which a delegation travelled, seen from China."""

    INBOUND = "inbound", _("visit to China")
    OUTBOUND = "outbound", _("visit from China")


class PurposeKind(models.TextChoices):
    """Kind of purpose of a visit; blank if the source names none of these kinds."""

    OFFICIAL = "official", pgettext_lazy("purpose of a visit", "official visit")
    COURSE_EXCHANGE = (
        "course_exchange",
        pgettext_lazy("purpose of a visit", "course exchange"),
    )
    STUDY = "study", pgettext_lazy("purpose of a visit", "study visit")
    CONFERENCE = (
        "conference",
        pgettext_lazy("purpose of a visit", "attending a conference"),
    )
