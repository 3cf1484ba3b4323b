from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MechanismKind(models.TextChoices):
    REGULAR_MEETING = "regular_meeting", _("regular meeting")
    DIRECT_COORDINATION = "direct_coordination", _("direct coordination")
    BORDER_COOPERATION = "border_cooperation", _("border cooperation")


class MechanismState(models.TextChoices):
    """Whether a mechanism is in use; nothing where no source says."""

    ACTIVE = "active", pgettext_lazy("state of a mechanism", "active")
    SUSPENDED = "suspended", pgettext_lazy("state of a mechanism", "suspended")
    ENDED = "ended", pgettext_lazy("state of a mechanism", "ended")


class ActionState(models.TextChoices):
    """What became of an action agreed at a meeting."""

    OPEN = "open", pgettext_lazy("state of an agreed action", "open")
    DONE = "done", pgettext_lazy("state of an agreed action", "done")
    DROPPED = "dropped", pgettext_lazy("state of an agreed action", "dropped")


class RequestDirection(models.TextChoices):
    """Whether a request came to the Chinese side (in) or went from it (out)."""

    IN = "in", pgettext_lazy("direction of a request", "received")
    OUT = "out", pgettext_lazy("direction of a request", "sent")


class RequestKind(models.TextChoices):
    """What a request asks for. A closed list: a request says nothing of its case."""

    INFORMATION = "information", _("exchange of information")
    SERVICE = "service", _("service of documents")
    EVIDENCE = "evidence", _("taking of evidence")
    PERSONS = "persons", _("search for persons")
    ASSETS = "assets", _("recovery of assets")
    MEETING = "meeting", _("working meeting")
    OTHER = "other", pgettext_lazy("kind of request", "other")


class RequestResult(models.TextChoices):
    """How a request was answered; nothing while it is pending."""

    DONE = "done", pgettext_lazy("result of a request", "done")
    IN_PART = "in_part", pgettext_lazy("result of a request", "done in part")
    DECLINED = "declined", pgettext_lazy("result of a request", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("result of a request", "withdrawn")
