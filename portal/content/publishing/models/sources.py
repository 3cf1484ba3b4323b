"""Sources of records, and hosts whose pages are evidence only."""

from urllib.parse import urlsplit

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.period import Period, truncate_to_precision
from portal.content.publishing.choices import Precision
from portal.content.publishing.constraints import require_precision_with_date
from portal.content.publishing.models.publishable import Stamped
from portal.content.publishing.querysets import SourceQuerySet
from portal.core.translations.language_tags import validate_language_tag


class EvidenceOnlyHost(Stamped):
    """Host of pages that are copies of a source: evidence for the office, not linked
    publicly.

    Subdomains are included.
    """

    host = models.CharField(
        _("domain name"),
        max_length=200,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]+(\.[a-z0-9-]+)+\Z")],
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("domain used for checking only")
        verbose_name_plural = _("domains used for checking only")

    def __str__(self):
        return self.host


class Source(models.Model):
    """A source of a record: its address, and what a reader needs to recognise it.

    ``title`` and ``publisher`` are in the language of the source, ``language`` is its
    BCP 47 tag. ``published_on`` is the day of publication; for month and year precision
    it is the first day of that month or year. ``archive_url`` is the address of a copy
    in a web archive.

    ``host`` is derived from the address, in lower case. What readers see of a source is
    decided by :mod:`portal.content.publishing.public_sources`.
    """

    date_precisions = {"published_on": "date_precision"}
    language_code_fields = ("language",)
    # Fields that no spreadsheet has a column for: loading a file keeps their values.
    fields_without_column = (
        "title",
        "publisher",
        "published_on",
        "date_precision",
        "language",
        "archive_url",
    )

    content_type = models.ForeignKey(ContentType, models.CASCADE, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    record = GenericForeignKey()
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    # CharField: some collected addresses contain characters that URLField would reject.
    url = models.CharField(
        _("web address"), max_length=1000, validators=[URLValidator(["http", "https"])]
    )
    host = models.CharField(_("domain name"), max_length=200, editable=False)
    # db_default: processes of the previous release insert rows during an upgrade.
    title = models.CharField(
        _("title"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Enter the title as it appears in the source, in the source language."
        ),
    )
    publisher = models.CharField(
        _("publisher"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Enter the name that the publisher uses, in the source language."),
    )
    published_on = models.DateField(
        _("date of publication"), null=True, blank=True, default=None, db_default=None
    )
    date_precision = models.CharField(
        _("date precision"),
        max_length=5,
        choices=Precision,
        blank=True,
        default="",
        db_default="",
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        validators=[validate_language_tag],
        help_text=_(
            "Enter the name of the language, for example Thai, or its "
            "code, for example th."
        ),
    )
    archive_url = models.CharField(
        _("web address of the archived copy"),
        max_length=1000,
        blank=True,
        default="",
        db_default="",
        validators=[URLValidator(["http", "https"])],
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["position", "pk"]
        indexes = [
            models.Index(
                fields=["content_type", "object_id"], name="publishing_source_record"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(url__startswith="http://")
                | models.Q(url__startswith="https://"),
                name="publishing_source_is_web_address",
                violation_error_message=_(
                    "Enter the full web address of the source, starting with "
                    "http:// or https://."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(archive_url="")
                | models.Q(archive_url__startswith="http://")
                | models.Q(archive_url__startswith="https://"),
                name="publishing_source_archive_is_web_address",
                violation_error_message=_(
                    "Enter the full web address of the archived copy, starting "
                    "with http:// or https://."
                ),
            ),
            require_precision_with_date("published_on"),
        ]

    def __str__(self):
        return self.url

    def clean(self):
        """Derive the host, and set the date to the first day of its month or year."""
        super().clean()
        self.host = self.parse_host(self.url)
        self.published_on = truncate_to_precision(
            self.published_on, self.date_precision
        )

    @property
    def period(self) -> Period:
        return Period(self.published_on, None, self.date_precision)

    @staticmethod
    def parse_host(url: str) -> str:
        """Return the host in ``url``, in lower case, without port and final dot."""
        return (urlsplit(url).hostname or "").rstrip(".")

    @staticmethod
    def evidence_only_model() -> type[models.Model]:
        return EvidenceOnlyHost
