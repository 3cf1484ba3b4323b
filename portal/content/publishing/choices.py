"""Choices shared by the models of records."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Publication status of a record."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Confidence(models.TextChoices):
    """Reliability of a record's sources (record/SOURCES.md, "Rules")."""

    HIGH = "high", _("high: 2 or more sources agree, or there is an official source")
    MEDIUM = "medium", _("medium: one source, or several repeating the same report")
    LOW = "low", _("low: few details, or the year is not known")


class TextBasis(models.TextChoices):
    """Where a title, name or theme comes from; empty if it is not known.

    Only an official or seen text may be presented as the title or name that is in use
    (record/SOURCES.md, "Rules").
    """

    OFFICIAL = "official", pgettext_lazy("origin of a text", "official")
    SEEN = "seen", pgettext_lazy("origin of a text", "seen in a report")
    FORMED = "formed", pgettext_lazy("origin of a text", "formed by the office")
    TRANSLATED = (
        "translated",
        pgettext_lazy("origin of a text", "translated by the office"),
    )
    DESCRIPTIVE = "descriptive", pgettext_lazy("origin of a text", "descriptive")


class Precision(models.TextChoices):
    """Precision of a date."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class EventState(models.TextChoices):
    """Whether an event took place; empty if no source states it."""

    PLANNED = "planned", pgettext_lazy("state of an event", "planned")
    HELD = "held", pgettext_lazy("state of an event", "held")
    POSTPONED = "postponed", pgettext_lazy("state of an event", "postponed")
    CANCELLED = "cancelled", pgettext_lazy("state of an event", "cancelled")


class Qualifier(models.TextChoices):
    """Exactness of a reported number."""

    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    OVER = "over", _("more than")


class Scope(models.TextChoices):
    """Whether an event is one of the prosecution services or only related to their
    work."""

    PROSECUTORS = (
        "prosecutors",
        pgettext_lazy("scope of an event", "prosecution service event"),
    )
    RELATED = "related", pgettext_lazy("scope of an event", "related event")


class ReportState(models.TextChoices):
    """Processing state of a visitor's error report."""

    NEW = "new", pgettext_lazy("state of an error report", "new")
    DONE = "done", pgettext_lazy("state of an error report", "done")
