from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Audience(models.TextChoices):
    """Audience for which a seminar is held."""

    PROSECUTORS = "prosecutors", pgettext_lazy("audience of a seminar", "prosecutors")
    PROCURATORIAL_LECTURERS = (
        "procuratorial_lecturers",
        _("lecturers at prosecutor training institutions"),
    )
    JUSTICE_MINISTRY_OFFICIALS = (
        "justice_ministry_officials",
        _("justice ministry officials"),
    )


class SessionKind(models.TextChoices):
    """Kind of a session in a seminar programme."""

    OPENING = "opening", pgettext_lazy("session of a seminar", "opening")
    LECTURE = "lecture", pgettext_lazy("session of a seminar", "lecture")
    DISCUSSION = "discussion", pgettext_lazy("session of a seminar", "discussion")
    VISIT = "visit", pgettext_lazy("session of a seminar", "visit")
    CLOSING = "closing", pgettext_lazy("session of a seminar", "closing")
    OTHER = "other", pgettext_lazy("session of a seminar", "other")


class TrainingRole(models.TextChoices):
    """Role in which a person took part in a seminar."""

    TRAINEE = "trainee", _("trainee")
    LECTURER = "lecturer", _("lecturer")
    OBSERVER = "observer", _("observer")


class TrainingResult(models.TextChoices):
    """Result of a person's training; blank if it is in progress or not known."""

    COMPLETED = "completed", pgettext_lazy("result of training", "completed")
    IN_PART = "in_part", pgettext_lazy("result of training", "partly completed")
    NOT_COMPLETED = (
        "not_completed",
        pgettext_lazy("result of training", "not completed"),
    )
