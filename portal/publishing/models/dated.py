"""Records of something that took place from a day to a day, as exactly as known."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.catalogue.period import UNDATED, Period, first_day
from portal.publishing.choices import Precision
from portal.publishing.constraints import ordered_days, precision_with_date
from portal.publishing.models.publishable import Publishable


class DatedRecord(Publishable):
    """``starts_on`` to ``ends_on``, exact to ``date_precision``.

    For month and year precision ``starts_on`` holds the first day of that month or year
    and must not be shown as that day. No date on record: both NULL, precision empty.
    ``sort_on`` is kept by the database and never NULL.
    """

    date_precisions = {"starts_on": "date_precision"}

    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the date"), max_length=5, choices=Precision, blank=True
    )
    sort_on = models.GeneratedField(
        expression=Coalesce("starts_on", models.Value(UNDATED)),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("sorted by"),
    )

    class Meta(Publishable.Meta):
        abstract = True
        constraints = [
            *Publishable.Meta.constraints,
            precision_with_date("starts_on"),
            ordered_days(),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            models.Index(fields=["-sort_on", "-id"], name="%(class)s_newest"),
        ]

    def clean(self):
        """A month or a year is kept as its first day, whatever day was typed."""
        super().clean()
        self.starts_on = first_day(self.starts_on, self.date_precision)

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, self.date_precision)
