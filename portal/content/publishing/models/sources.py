"""Sources of records, and hosts whose pages are evidence only."""

from urllib.parse import urlsplit

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.models.publishable import Stamped
from portal.content.publishing.querysets import SourceQuerySet


class EvidenceOnlyHost(Stamped):
    """Host of pages that are copies of a source: evidence for the office, not linked
    publicly.

    Subdomains are included.
    """

    host = models.CharField(
        _("host"),
        max_length=200,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]+(\.[a-z0-9-]+)+\Z")],
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("evidence-only host")
        verbose_name_plural = _("evidence-only hosts")

    def __str__(self):
        return self.host


class Source(models.Model):
    """The address of a source of a record. ``host`` is derived from it, in lower
    case."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    record = GenericForeignKey()
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    # CharField: some collected addresses contain characters that URLField would reject.
    url = models.CharField(
        _("address"), max_length=1000, validators=[URLValidator(["http", "https"])]
    )
    host = models.CharField(_("host"), max_length=200, editable=False)

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
                    "A source begins with http:// or https://. Copy its full address."
                ),
            )
        ]

    def __str__(self):
        return self.url

    def clean(self):
        super().clean()
        self.host = self.parse_host(self.url)

    @staticmethod
    def parse_host(url: str) -> str:
        """Return the host in ``url``, in lower case, without port and final dot."""
        return (urlsplit(url).hostname or "").rstrip(".")

    @staticmethod
    def evidence_only_model() -> type[models.Model]:
        return EvidenceOnlyHost
