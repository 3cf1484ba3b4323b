"""Stored files, each stored once, identified by the SHA-256 of its bytes.

A stored file does not record which records use it or whether it is public; the model
``Attachment`` does.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Relative to MEDIA_ROOT.
STORAGE_FOLDER = "stored"


def get_storage_path(stored_file: "StoredFile", filename: str) -> str:
    """Return the path of the file's bytes, relative to MEDIA_ROOT.

    The path is derived from the SHA-256; ``filename`` is ignored, because uploaded
    names are not trusted.
    """
    digest = stored_file.sha256
    return f"{STORAGE_FOLDER}/{digest[:2]}/{digest}"


class StoredFile(models.Model):
    """File with its SHA-256 (64 hex digits), size in bytes and media type.

    ``name`` is the name offered for downloads. ``width`` and ``height`` are in pixels
    and set only for pictures that the portal has re-encoded.
    """

    sha256 = models.CharField(
        _("SHA-256"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}\Z")],
    )
    content = models.FileField(
        _("file content"), upload_to=get_storage_path, max_length=200
    )
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(_("width in pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__isnull=True, height__isnull=True)
                | models.Q(width__gt=0, height__gt=0),
                name="files_storedfile_dimensions",
                violation_error_message=_("A picture must have a width and a height."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"/files/{self.sha256}/{self.name}"

    @property
    def is_picture(self) -> bool:
        """Whether the file is a picture re-encoded by the portal; pages may show it."""
        return self.width is not None


class FileText(models.Model):
    """Text extracted from a PDF, for search.

    ``problem`` is a short message if no text could be extracted, otherwise empty.
    """

    file = models.OneToOneField(
        StoredFile, models.CASCADE, related_name="text", verbose_name=_("file")
    )
    text = models.TextField(_("text"), blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    extracted_at = models.DateTimeField(_("extracted at"))

    class Meta:
        verbose_name = _("file text")
        verbose_name_plural = _("file texts")

    def __str__(self):
        return f"{self.file_id}"
