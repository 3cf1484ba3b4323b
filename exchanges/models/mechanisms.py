"""Mechanisms: standing arrangements of prosecuting authorities across a border.

Examples are regular meetings and direct coordination. A single event under a mechanism
is a ``Meeting``.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchanges.choices import MechanismKind, MechanismState
from exchanges.querysets import MechanismQuerySet
from portal.content.catalogue.period import Period, truncate_to_precision
from portal.content.publishing.choices import Precision
from portal.content.publishing.constraints import (
    require_chinese_or_english_text,
    require_precision_with_date,
    require_text_with_basis,
)
from portal.content.publishing.models import Publishable
from portal.content.publishing.text_basis import text_basis_field
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name


class Mechanism(Publishable):
    """A mechanism, identified by a readable key (``cn-vn-border-meeting``).

    Side A is the Chinese side, side B the side of ``other_country``. ``rhythm_months``
    is the number of months between meetings. An empty ``state``, a NULL ``since`` and a
    missing ``legal_basis`` mean that no source gives the value.
    """

    kind = "mechanism"
    code_field = "key"
    text_fields = ("name",)
    date_precisions = {"since": "date_precision"}
    text_bases = {("name", "zh-hans"): "name_zh_basis"}

    key = models.CharField(
        _("identifier"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
    )
    name = models.CharField(_("name"), max_length=300, blank=True)
    name_zh_basis = text_basis_field(_("origin of the Chinese name"))
    name_keys = NameKeysField(sources=("name",))
    mechanism_kind = models.CharField(_("type"), max_length=20, choices=MechanismKind)
    side_a_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="side_a_mechanisms",
        verbose_name=_("Chinese organisations"),
    )
    side_a_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="side_a_mechanisms",
        verbose_name=_("other Chinese organisations"),
    )
    side_b_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="side_b_mechanisms",
        verbose_name=_("partner organisations"),
    )
    side_b_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="side_b_mechanisms",
        verbose_name=_("other partner organisations"),
    )
    other_country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mechanisms",
        verbose_name=_("partner country"),
    )
    since = models.DateField(_("start date of the mechanism"), null=True, blank=True)
    date_precision = models.CharField(
        _("date precision"), max_length=5, choices=Precision, blank=True
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
        pgettext_lazy("of a mechanism", "status"),
        max_length=10,
        choices=MechanismState,
        blank=True,
    )

    objects = MechanismQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("mechanism")
        verbose_name_plural = _("mechanisms")
        constraints = [
            *Publishable.Meta.constraints,
            require_chinese_or_english_text("name"),
            require_text_with_basis("name_zh_hans", "name_zh_basis"),
            require_precision_with_date("since"),
            models.CheckConstraint(
                condition=~models.Q(key="meetings"),
                name="exchanges_mechanism_key",
                violation_error_message=_(
                    "“meetings” is already used as a web address. Enter "
                    "another identifier."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(rhythm_months__isnull=True)
                | models.Q(rhythm_months__gte=1),
                name="exchanges_mechanism_rhythm_months",
                violation_error_message=_(
                    "Months between meetings must be 1 or more. Leave blank if "
                    "not known."
                ),
            ),
        ]

    def __str__(self):
        return get_loaded_name(self, "name") or self.key

    def clean(self):
        """Set a date of month or year precision to the first day of its period."""
        super().clean()
        self.since = truncate_to_precision(self.since, self.date_precision)

    def get_absolute_url(self):
        return reverse("exchanges:mechanism-detail", kwargs={"key": self.key})

    @property
    def start_period(self) -> Period:
        return Period(self.since, None, self.date_precision)
