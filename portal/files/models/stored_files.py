"""Files of the office, kept once by the hash of their bytes.

What a file belongs to, and whether it is public, is said by an Attachment
(``portal.publishing``), never by the file itself.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Under MEDIA_ROOT.
FOLDER = "stored"


def stored_path(stored_file: "StoredFile", filename: str) -> str:
    """Where the bytes lie under MEDIA_ROOT: by hash, never by a name from outside."""
    digest = stored_file.sha256
    return f"{FOLDER}/{digest[:2]}/{digest}"


class StoredFile(models.Model):
    """Bytes with their SHA-256 (64 hex digits), size in bytes and media type.

    ``name`` is the name offered on download. ``width`` and ``height`` are those of a
    picture, in pixels; only what the portal has encoded anew has them.
    """

    sha256 = models.CharField(
        _("SHA-256"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}\Z")],
    )
    content = models.FileField(_("content"), upload_to=stored_path, max_length=200)
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
                violation_error_message=_("A picture has a width and a height."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"/files/{self.sha256}/{self.name}"

    @property
    def is_picture(self) -> bool:
        """Whether a page may show it: the portal has encoded it anew."""
        return self.width is not None


class FileText(models.Model):
    """The text of a PDF, for search; ``""`` with a ``problem`` when none was read."""

    file = models.OneToOneField(
        StoredFile, models.CASCADE, related_name="text", verbose_name=_("file")
    )
    text = models.TextField(_("text"), blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    extracted_at = models.DateTimeField(_("extracted at"))

    class Meta:
        verbose_name = _("text of a file")
        verbose_name_plural = _("texts of files")

    def __str__(self):
        return f"{self.file_id}"
