from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Direction(models.TextChoices):
    """Which way a delegation travelled, seen from China."""

    INBOUND = "inbound", _("inbound: to China")
    OUTBOUND = "outbound", _("outbound: from China")


class PurposeKind(models.TextChoices):
    """What a visit is for; nothing where the record does not say it in these words."""

    OFFICIAL = "official", pgettext_lazy("purpose of a visit", "official visit")
    COURSE_EXCHANGE = (
        "course_exchange",
        pgettext_lazy("purpose of a visit", "exchange of courses"),
    )
    STUDY = "study", pgettext_lazy("purpose of a visit", "study")
    CONFERENCE = "conference", pgettext_lazy("purpose of a visit", "conference")
