from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The level of an organ; a training institution has that of the organ above it."""

    NATIONAL = "national", _("national")
    SPECIAL_REGION = "special_region", _("special administrative region")
    PROVINCIAL = "provincial", _("provincial")
    PREFECTURAL = "prefectural", _("prefectural")
    COUNTY = "county", _("county")
