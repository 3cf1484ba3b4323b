"""News articles about the Conference and its members, written for the portal."""

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.period import UNDATED, Period, truncate_to_precision
from portal.content.publishing.choices import Precision
from portal.content.publishing.constraints import (
    require_chinese_or_english_text,
    require_precision_with_date,
)
from portal.content.publishing.models import Publishable
from portal.content.publishing.rich_text import RichTextField
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name


class Article(Publishable):
    """A news article, identified by its slug.

    ``reported_on`` is the date on which the report appeared. It is neither the date of
    the event nor the date of publication on the portal.
    """

    kind = "article"
    description_fields = ("summary", "body")
    content_fields = {"summary": _("Summary"), "body": _("Full text")}
    code_field = "slug"
    date_precisions = {"reported_on": "date_precision"}

    slug = models.SlugField(
        _("short name for the web address"), max_length=100, unique=True
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    name_keys = NameKeysField(sources=("title",))
    summary = models.TextField(_("summary"), blank=True)
    body = RichTextField(_("text"), blank=True)
    reported_on = models.DateField(_("date of report"), null=True, blank=True)
    date_precision = models.CharField(
        _("date precision"), max_length=5, choices=Precision, blank=True
    )
    sort_on = models.GeneratedField(
        expression=Coalesce("reported_on", models.Value(UNDATED)),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("sort date"),
    )
    countries = models.ManyToManyField(
        "directory.Country",
        blank=True,
        related_name="articles",
        verbose_name=_("countries"),
    )
    organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="articles",
        verbose_name=_("organisations"),
    )
    topics = models.ManyToManyField(
        "directory.Topic", blank=True, related_name="articles", verbose_name=_("topics")
    )

    class Meta(Publishable.Meta):
        verbose_name = _("news article")
        verbose_name_plural = _("news articles")
        constraints = [
            *Publishable.Meta.constraints,
            require_chinese_or_english_text("title"),
            require_precision_with_date("reported_on"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            models.Index(fields=["-sort_on", "-id"], name="%(class)s_newest"),
        ]

    def __str__(self):
        return get_loaded_name(self, "title") or self.slug

    def clean(self):
        """Set a date of month or year precision to the first day of its period."""
        super().clean()
        self.reported_on = truncate_to_precision(self.reported_on, self.date_precision)

    def get_absolute_url(self):
        return reverse("conference:article-detail", kwargs={"slug": self.slug})

    @property
    def period(self) -> Period:
        return Period(self.reported_on, None, self.date_precision)
