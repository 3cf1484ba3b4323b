"""Mechanisms: standing arrangements of prosecuting organs on both sides of a border.

Such are regular meetings and direct coordination. What took place under a mechanism on
a certain day is a meeting.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchanges.choices import MechanismKind, MechanismState
from portal.catalogue.period import Period, first_day
from portal.publishing.choices import Precision
from portal.publishing.constraints import (
    precision_with_date,
    written_in_chinese_or_english,
)
from portal.publishing.models import Publishable
from portal.translations.fields import NameKeysField
from portal.translations.shown import name_loaded


class Mechanism(Publishable):
    """A mechanism by its literal key (``cn-vn-border-meeting``).

    Side a is the Chinese side, side b that of ``other_country``. ``rhythm_months`` is
    the number of months between meetings. ``state`` empty, ``since`` NULL or no
    ``legal_basis``: not on record.
    """

    kind = "mechanism"
    code_field = "key"
    written_fields = ("name",)
    date_precisions = {"since": "date_precision"}

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
    )
    name = models.CharField(_("name"), max_length=300, blank=True)
    name_keys = NameKeysField(sources=("name",))
    mechanism_kind = models.CharField(_("kind"), max_length=20, choices=MechanismKind)
    side_a_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="side_a_mechanisms",
        verbose_name=_("organs of the Chinese side"),
    )
    side_a_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="side_a_mechanisms",
        verbose_name=_("others of the Chinese side"),
    )
    side_b_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="side_b_mechanisms",
        verbose_name=_("organs of the other side"),
    )
    side_b_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="side_b_mechanisms",
        verbose_name=_("others of the other side"),
    )
    other_country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mechanisms",
        verbose_name=_("country of the other side"),
    )
    since = models.DateField(_("since"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the date"), max_length=5, choices=Precision, blank=True
    )
    rhythm_months = models.PositiveSmallIntegerField(
        _("months between meetings"), null=True, blank=True
    )
    legal_basis = models.ForeignKey(
        "conference.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="basis_of_mechanisms",
        verbose_name=_("legal basis"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=MechanismState, blank=True
    )

    class Meta(Publishable.Meta):
        verbose_name = _("mechanism")
        verbose_name_plural = _("mechanisms")
        constraints = [
            *Publishable.Meta.constraints,
            written_in_chinese_or_english("name"),
            precision_with_date("since"),
            models.CheckConstraint(
                condition=~models.Q(key="meetings"),
                name="exchanges_mechanism_key",
                violation_error_message=_(
                    "“meetings” is the address of the meetings. Choose another key."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(rhythm_months__isnull=True)
                | models.Q(rhythm_months__gte=1),
                name="exchanges_mechanism_rhythm_months",
                violation_error_message=_(
                    "The months between meetings are 1 or more; leave them empty if "
                    "they are not known."
                ),
            ),
        ]

    def __str__(self):
        return name_loaded(self, "name") or self.key

    def clean(self):
        """A month or a year is kept as its first day, whatever day was typed."""
        super().clean()
        self.since = first_day(self.since, self.date_precision)

    def get_absolute_url(self):
        return reverse("exchanges:mechanism", kwargs={"key": self.key})

    @property
    def started(self) -> Period:
        return Period(self.since, None, self.date_precision)
