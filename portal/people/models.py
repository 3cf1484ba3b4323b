"""Persons whom the office knows: personal data, on no public surface."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.publishing.models import Stamped


class Person(Stamped):
    """One person, named in Latin letters, in their own script, or both."""

    personal_fields = ("name_latin", "name_own", "rank")

    name_latin = models.CharField(
        _("name in Latin letters"), max_length=200, blank=True
    )
    name_own = models.CharField(_("name in own script"), max_length=200, blank=True)
    rank = models.CharField(_("rank or office"), max_length=200, blank=True)
    organ = models.ForeignKey(
        "directory.Organ",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organ"),
    )
    country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="people",
        verbose_name=_("country"),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["name_latin"], name="people_person_name_latin"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_latin="", name_own=""),
                name="people_person_named",
                violation_error_message=_(
                    "Write the name in Latin letters or in the person's own script."
                ),
            )
        ]

    def __str__(self):
        return self.name_own or self.name_latin
