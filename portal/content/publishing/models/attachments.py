"""Files and pictures attached to records."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.querysets import IllustrationQuerySet
from portal.core.languages import LANGUAGES


class Attachment(models.Model):
    """A file attached to a record, with the language of its content.

    It is public only while ``is_public`` is set and the record is published.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    record = GenericForeignKey()
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        related_name="attachments",
        verbose_name=_("file"),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[(language.code, language.native_name) for language in LANGUAGES],
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    is_public = models.BooleanField(_("public"), default=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["position", "pk"]
        indexes = [
            models.Index(
                fields=["content_type", "object_id"],
                name="publishing_attachment_record",
            )
        ]

    def __str__(self):
        return self.title or str(self.file)


class Illustration(models.Model):
    """A picture on the page of a record; public while the record is published."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    record = GenericForeignKey()
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    picture = models.ForeignKey(
        "files.Picture",
        models.PROTECT,
        related_name="illustrations",
        verbose_name=_("picture"),
    )

    objects = IllustrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("illustration")
        verbose_name_plural = _("illustrations")
        ordering = ["position", "pk"]
        indexes = [
            models.Index(
                fields=["content_type", "object_id"],
                name="publishing_illustration_record",
            )
        ]

    def __str__(self):
        return str(self.picture)
