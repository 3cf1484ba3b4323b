"""Totals that others published, beside what is counted and never mixed with it."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.catalogue.period import Period
from portal.figures.choices import FigureQualifier, Subject
from portal.figures.querysets import ReportedFigureQuerySet
from portal.publishing.choices import Precision
from portal.publishing.constraints import written_in_chinese_or_english
from portal.publishing.models import Publishable
from portal.translations.fields import NameKeysField
from portal.translations.shown import name_loaded


class ReportedFigure(Publishable):
    """A total as of its last covered day, with the sentence that says it.

    ``as_of`` holds the last day of its month or year when it is exact to that only: a
    total counts up to the end.
    """

    kind = "figure"
    code_field = "key"
    written_fields = ("text",)
    date_precisions = {"as_of": "precision"}

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
    )
    value = models.PositiveIntegerField(_("value"), null=True, blank=True)
    qualifier = models.CharField(_("qualifier"), max_length=12, choices=FigureQualifier)
    country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_figures",
        verbose_name=_("country"),
    )
    as_of = models.DateField(_("as of"))
    precision = models.CharField(_("precision"), max_length=5, choices=Precision)
    subject = models.CharField(_("subject"), max_length=20, choices=Subject)
    organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="reported_figures",
        verbose_name=_("organs"),
    )
    places = models.ManyToManyField(
        "directory.Place",
        blank=True,
        related_name="reported_figures",
        verbose_name=_("places"),
    )
    text = models.TextField(_("sentence"), blank=True)
    name_keys = NameKeysField(sources=("text",))

    objects = ReportedFigureQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("reported figure")
        verbose_name_plural = _("reported figures")
        constraints = [
            *Publishable.Meta.constraints,
            written_in_chinese_or_english("text"),
            models.CheckConstraint(
                condition=~models.Q(key="counted"),
                name="figures_reportedfigure_key",
                violation_error_message=_(
                    "“counted” is the address of what is counted. Choose another key."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    qualifier=FigureQualifier.A_NUMBER_OF, value__isnull=True
                )
                | (
                    ~models.Q(qualifier=FigureQualifier.A_NUMBER_OF)
                    & models.Q(value__isnull=False)
                ),
                name="figures_reportedfigure_value",
                violation_error_message=_(
                    "A figure needs its value; only “a number of” comes without one."
                ),
            ),
        ]

    def __str__(self):
        return name_loaded(self, "text") or self.key

    def clean(self):
        """A total counts up to the end: the last day of its month or year is kept."""
        super().clean()
        if self.as_of:
            self.as_of = self.period.last_day

    @property
    def period(self) -> Period:
        """What the total covers, told as exactly as it is known."""
        if self.precision == Precision.DAY:
            return Period(self.as_of, None, self.precision)
        month = 1 if self.precision == Precision.YEAR else self.as_of.month
        return Period(self.as_of.replace(month=month, day=1), None, self.precision)
