from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganLevel(models.TextChoices):
    """Level of an organ; a training institution has the level of its parent organ."""

    NATIONAL = "national", _("national")
    SPECIAL_REGION = "special_region", _("special administrative region")
    PROVINCIAL = "provincial", _("provincial")
    PREFECTURAL = "prefectural", _("prefectural")
    COUNTY = "county", _("county")
