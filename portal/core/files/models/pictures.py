"""Pictures shown on pages, with alternative text, caption and credit."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.files.models.stored_files import StoredFile
from portal.core.files.querysets import PictureQuerySet


class Picture(models.Model):
    """Stored picture with the texts that are shown with it.

    Without an ``alternative`` text in simplified Chinese or English, records that show
    the picture cannot be published. ``credit`` names the photographer or agency and is
    not translated.
    """

    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="pictures", verbose_name=_("file")
    )
    alternative = models.CharField(
        _("alternative text"),
        max_length=500,
        blank=True,
        help_text=_(
            "Describe the picture for people who cannot see it. You "
            "must enter this in Chinese or English before the picture "
            "is published."
        ),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self):
        return str(self.file)

    def clean(self):
        super().clean()
        if self.file_id and not self.file.is_picture:
            raise ValidationError(
                {
                    "file": _(
                        "“%(name)s” is not a picture. Choose a JPEG, PNG or WebP "
                        "file that has been uploaded here."
                    )
                    % {"name": self.file}
                }
            )
