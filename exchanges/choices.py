from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MechanismKind(models.TextChoices):
    REGULAR_MEETING = "regular_meeting", _("regular meeting")
    DIRECT_COORDINATION = "direct_coordination", _("direct cooperation")
    BORDER_COOPERATION = "border_cooperation", _("border cooperation")


class MechanismState(models.TextChoices):
    """State of a mechanism; blank if no source gives a state."""

    ACTIVE = "active", pgettext_lazy("state of a mechanism", "active")
    SUSPENDED = "suspended", pgettext_lazy("state of a mechanism", "suspended")
    ENDED = "ended", pgettext_lazy("state of a mechanism", "ended")


class ActionState(models.TextChoices):
    """State of an action agreed at a meeting."""

    OPEN = "open", pgettext_lazy("state of an agreed action", "open")
    DONE = "done", pgettext_lazy("state of an agreed action", "done")
    DROPPED = "dropped", pgettext_lazy("state of an agreed action", "no longer pursued")


class RequestDirection(models.TextChoices):
    """Direction of a request: received by the Chinese side (in) or sent by it (out)."""

    IN = "in", pgettext_lazy("direction of a request", "received")
    OUT = "out", pgettext_lazy("direction of a request", "sent")


class RequestKind(models.TextChoices):
    """Kind of assistance requested. Details of the underlying case are not recorded."""

    INFORMATION = "information", _("exchange of information")
    SERVICE = "service", _("service of documents")
    EVIDENCE = "evidence", _("taking of evidence")
    PERSONS = "persons", _("locating persons")
    ASSETS = "assets", _("asset recovery")
    MEETING = "meeting", _("working meeting")
    OTHER = "other", pgettext_lazy("kind of request", "other")


class RequestResult(models.TextChoices):
    """Result of an answered request; blank while the request is pending."""

    DONE = "done", pgettext_lazy("result of a request", "done")
    PARTIALLY_DONE = "in_part", pgettext_lazy("result of a request", "partly completed")
    DECLINED = "declined", pgettext_lazy("result of a request", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("result of a request", "withdrawn")
