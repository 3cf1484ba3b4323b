"""People known to the office. This is personal data and never public."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.models import Stamped
from portal.core.translations.fields import NameKeysField
from portal.reference.people.querysets import PersonQuerySet


class Person(Stamped):
    """A person, named in Latin letters, in their own script, or both.

    After erasure (``erased_at`` is set) the row has no data that identifies the person.
    It remains as a participant without a name, so that counts do not change and
    certificates can still be verified.
    """

    personal_fields = ("name_latin", "name_own", "rank", "organ")

    name_latin = models.CharField(
        _("name in Latin letters"), max_length=200, blank=True
    )
    name_own = models.CharField(
        _("name in original script"), max_length=200, blank=True
    )
    # Search keys of the names; they are personal data like the names.
    name_latin_key = NameKeysField(sources=("name_latin",))
    name_own_key = NameKeysField(sources=("name_own",))
    rank = models.CharField(_("rank or position"), max_length=200, blank=True)
    organ = models.ForeignKey(
        "directory.Organ",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organisation"),
    )
    country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="people",
        verbose_name=_("country"),
    )

    erased_at = models.DateTimeField(_("deleted at"), null=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        # "erase" is irreversible: data of an erased person cannot be entered again.
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
                    "Enter the name in Latin letters or in the person's own script."
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
                    "This person's data has been deleted and cannot be "
                    "changed. If needed, add them again as a new person."
                ),
            ),
        ]

    def __str__(self):
        if self.erased_at is not None:
            return gettext("deleted person %(number)s") % {"number": self.pk}
        return self.name_own or self.name_latin

    @property
    def personal_subject(self) -> str:
        """Identifier of this person in the personal values of the audit log."""
        return f"people.person:{self.pk}"
