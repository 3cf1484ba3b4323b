"""Stops of a visit: the places, organs and activities of a delegation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from delegations.models.visits import Visit
from portal.core.translations.querysets import TranslatedQuerySet


class Stop(models.Model):
    """One stop of a visit. Fields whose value is not known are empty."""

    visit = models.ForeignKey(
        Visit, models.CASCADE, related_name="stops", verbose_name=_("visit")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    visited_on = models.DateField(_("date"), null=True, blank=True)
    place = models.ForeignKey(
        "directory.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visit_stops",
        verbose_name=_("place"),
    )
    organ = models.ForeignKey(
        "directory.Organ",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visit_stops",
        verbose_name=_("organisation"),
    )
    activity = models.CharField(_("activity"), max_length=500, blank=True)

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("itinerary item")
        verbose_name_plural = _("itinerary")
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self.visit_id} {self.position}"
