from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Where a record stands on its way to the public."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Confidence(models.TextChoices):
    """How well a record's sources bear it (record/SOURCES.md, "Rules")."""

    HIGH = "high", _("high: two or more sources agree, or an official source")
    MEDIUM = "medium", _("medium: one source, or several that repeat one release")
    LOW = "low", _("low: existence only, or a date without its year")


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class EventState(models.TextChoices):
    """Whether an event took place; empty where no source says so."""

    PLANNED = "planned", pgettext_lazy("state of an event", "planned")
    HELD = "held", pgettext_lazy("state of an event", "held")
    POSTPONED = "postponed", pgettext_lazy("state of an event", "postponed")
    CANCELLED = "cancelled", pgettext_lazy("state of an event", "cancelled")


class Qualifier(models.TextChoices):
    """How exact a reported number is."""

    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    OVER = "over", _("over")


class Scope(models.TextChoices):
    """Whether an event is one of prosecutors, or related to their work only."""

    PROSECUTORS = "prosecutors", pgettext_lazy("scope of an event", "prosecutors")
    RELATED = "related", pgettext_lazy("scope of an event", "related")


class ReportState(models.TextChoices):
    """Whether somebody has dealt with a reader's report."""

    NEW = "new", pgettext_lazy("state of an error report", "new")
    DONE = "done", pgettext_lazy("state of an error report", "done")
