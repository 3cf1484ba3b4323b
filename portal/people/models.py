"""Persons whom the office knows: personal data, on no public surface."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.people.querysets import PersonQuerySet
from portal.publishing.models import Stamped
from portal.translations.fields import NameKeysField


class Person(Stamped):
    """One person, named in Latin letters, in their own script, or both.

    Once ``erased_at`` is set nothing tells who it was: the row stands for somebody
    counted where they took part, whose certificate can still be verified.
    """

    personal_fields = ("name_latin", "name_own", "rank", "organ")

    name_latin = models.CharField(
        _("name in Latin letters"), max_length=200, blank=True
    )
    name_own = models.CharField(_("name in own script"), max_length=200, blank=True)
    # By these people are found; they tell as much of a person as the names do.
    name_latin_key = NameKeysField(sources=("name_latin",))
    name_own_key = NameKeysField(sources=("name_own",))
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

    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        # "erase": for good; what was erased cannot be written again.
        default_permissions = ("add", "change", "delete", "view", "erase")
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["name_latin"], name="people_person_name_latin"),
            models.Index(fields=["name_latin_key"], name="people_person_latin_key"),
            models.Index(fields=["name_own_key"], name="people_person_own_key"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=False)
                | ~models.Q(name_latin="", name_own=""),
                name="people_person_named",
                violation_error_message=_(
                    "Write the name in Latin letters or in the person's own script."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(
                    name_latin="",
                    name_own="",
                    name_latin_key="",
                    name_own_key="",
                    rank="",
                    organ__isnull=True,
                ),
                name="people_person_erased",
                violation_error_message=_(
                    "This person was erased; nothing is written about them again. "
                    "Enter them anew if need be."
                ),
            ),
        ]

    def __str__(self):
        if self.erased_at is not None:
            return gettext("erased person %(number)s") % {"number": self.pk}
        return self.name_own or self.name_latin

    @property
    def personal_subject(self) -> str:
        """Whom the history's personal values of this row are about."""
        return f"people.person:{self.pk}"
