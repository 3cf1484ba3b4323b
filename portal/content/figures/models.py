"""Figures reported by other sources, shown next to counted figures but never added."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.period import Period
from portal.content.figures.choices import FigureQualifier, FigureSubject
from portal.content.figures.querysets import ReportedFigureQuerySet
from portal.content.publishing.choices import Precision
from portal.content.publishing.constraints import require_chinese_or_english_text
from portal.content.publishing.models import Publishable
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name


class ReportedFigure(Publishable):
    """A reported total up to a date, with the sentence of the source that states it.

    ``as_of`` is the last day of the month or year if the precision is month or year,
    because a total covers the whole period.
    """

    kind = "figure"
    code_field = "key"
    text_fields = ("text",)
    content_fields = {"text": _("Full text")}
    date_precisions = {"as_of": "precision"}

    key = models.CharField(
        _("identifier"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
    )
    value = models.PositiveIntegerField(_("value"), null=True, blank=True)
    qualifier = models.CharField(
        _("precision of the number"), max_length=12, choices=FigureQualifier
    )
    country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_figures",
        verbose_name=_("country"),
    )
    as_of = models.DateField(_("as of"))
    precision = models.CharField(_("date precision"), max_length=5, choices=Precision)
    subject = models.CharField(_("subject"), max_length=20, choices=FigureSubject)
    organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="reported_figures",
        verbose_name=_("organisations"),
    )
    places = models.ManyToManyField(
        "directory.Place",
        blank=True,
        related_name="reported_figures",
        verbose_name=_("places"),
    )
    text = models.TextField(_("wording in the source"), blank=True)
    name_keys = NameKeysField(sources=("text",))

    objects = ReportedFigureQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("figure reported by another source")
        verbose_name_plural = _("figures reported by other sources")
        constraints = [
            *Publishable.Meta.constraints,
            require_chinese_or_english_text("text"),
            models.CheckConstraint(
                condition=~models.Q(key="counted"),
                name="figures_reportedfigure_key",
                violation_error_message=_(
                    "“counted” is already used as a web address. Enter another "
                    "identifier."
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
                    "Enter a value, or choose “number not given in the source”."
                ),
            ),
        ]

    def __str__(self):
        return get_loaded_name(self, "text") or self.key

    def clean(self):
        """Set ``as_of`` to the last day of its month or year.

        With day precision the date is not changed.
        """
        super().clean()
        if self.as_of:
            self.as_of = self.period.last_day

    @property
    def period(self) -> Period:
        """The date of the reported total as a period with its precision."""
        if self.precision == Precision.DAY:
            return Period(self.as_of, None, self.precision)
        month = 1 if self.precision == Precision.YEAR else self.as_of.month
        return Period(self.as_of.replace(month=month, day=1), None, self.precision)
