"""Articles: reports on the work of the Conference and its members, in our own words."""

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.catalogue.period import UNDATED, Period, first_day
from portal.publishing.choices import Precision
from portal.publishing.constraints import (
    precision_with_date,
    written_in_chinese_or_english,
)
from portal.publishing.models import Publishable
from portal.publishing.rich_text import RichTextField
from portal.translations.fields import NameKeysField
from portal.translations.shown import name_loaded


class Article(Publishable):
    """An article by its slug. ``reported_on`` is the day on which the report appeared,
    which is neither the day of the event nor that of publication here.
    """

    kind = "article"
    code_field = "slug"
    date_precisions = {"reported_on": "date_precision"}

    slug = models.SlugField(
        _("short name for its address"), max_length=100, unique=True
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    name_keys = NameKeysField(sources=("title",))
    summary = models.TextField(_("summary"), blank=True)
    body = RichTextField(_("text"), blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the date"), max_length=5, choices=Precision, blank=True
    )
    sort_on = models.GeneratedField(
        expression=Coalesce("reported_on", models.Value(UNDATED)),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("sorted by"),
    )
    countries = models.ManyToManyField(
        "directory.Country",
        blank=True,
        related_name="articles",
        verbose_name=_("countries"),
    )
    organs = models.ManyToManyField(
        "directory.Organ", blank=True, related_name="articles", verbose_name=_("organs")
    )
    topics = models.ManyToManyField(
        "directory.Topic", blank=True, related_name="articles", verbose_name=_("topics")
    )

    class Meta(Publishable.Meta):
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            *Publishable.Meta.constraints,
            written_in_chinese_or_english("title"),
            precision_with_date("reported_on"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            models.Index(fields=["-sort_on", "-id"], name="%(class)s_newest"),
        ]

    def __str__(self):
        return name_loaded(self, "title") or self.slug

    def clean(self):
        """A month or a year is kept as its first day, whatever day was typed."""
        super().clean()
        self.reported_on = first_day(self.reported_on, self.date_precision)

    def get_absolute_url(self):
        return reverse("conference:article-detail", kwargs={"slug": self.slug})

    @property
    def period(self) -> Period:
        return Period(self.reported_on, None, self.date_precision)
