"""Spreadsheet imports: their check results and the record of what they wrote.

The imported rows are stored as long as the import can be undone. The file is deleted
once it has been written, because it may contain personal data.
"""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.content.publishing.import_choices import ImportState, RowAction


def _user_foreign_key(label):
    """Build a foreign key to the user who performed a step of the import."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=label,
    )


# Empty values of the fields with data from the file. They are reset when the file is
# deleted, because they may contain personal data.
EMPTY_VALUES = {
    "errors": list,
    "warnings": list,
    "preview": dict,
    "questions": list,
    "answers": dict,
}


class ImportBatch(models.Model):
    """An uploaded spreadsheet and the state of its import.

    ``resource`` is the code of the imported resource, such as ``seminars``. ``counts``
    has the number of rows to create, to update, to propose as a change of a published
    record and unchanged, and under ``others`` a list ``[kind, created, updated]`` for
    related records of another kind. ``notes`` lists decisions made when the file was
    read (encoding, sheet, headings).

    ``errors`` is a list of ``[row, column, value, remedy]`` for the first few thousand
    invalid cells; ``error_count`` is the number of all of them. ``warnings`` is a list
    of ``[row, column, value, text]``, with ``warning_count`` in the same way.
    ``problem`` is the reason why the import failed as a whole.

    ``preview`` is the data of the preview page (see ``spreadsheets.previews``).
    ``plan_sha256`` is the digest of all values that would be written. ``questions`` are
    questions to the user as JSON (see ``spreadsheets.questions``), ``answers`` the
    chosen values by key. These fields are emptied when the file is deleted.
    """

    resource = models.CharField(_("type of data"), max_length=40, editable=False)
    file_name = models.CharField(_("file name"), max_length=255, editable=False)
    sha256 = models.CharField(
        _("SHA-256"),
        max_length=64,
        editable=False,
        validators=[RegexValidator(r"^[0-9a-f]{64}\Z")],
    )
    state = models.CharField(
        pgettext_lazy("of an import", "status"),
        max_length=8,
        choices=ImportState,
        default=ImportState.CHECKING,
        editable=False,
    )
    counts = models.JSONField(_("counts"), default=dict, editable=False)
    notes = models.JSONField(_("notes"), default=list, editable=False)
    errors = models.JSONField(_("errors"), default=list, editable=False)
    error_count = models.PositiveIntegerField(
        _("number of errors"), default=0, editable=False
    )
    warnings = models.JSONField(_("warnings"), default=list, editable=False)
    warning_count = models.PositiveIntegerField(
        _("number of warnings"), default=0, editable=False
    )
    preview = models.JSONField(_("values to import"), default=dict, editable=False)
    plan_sha256 = models.CharField(
        _("SHA-256 of the values to import"),
        max_length=64,
        blank=True,
        editable=False,
        validators=[RegexValidator(r"^[0-9a-f]{64}\Z")],
    )
    questions = models.JSONField(_("questions"), default=list, editable=False)
    answers = models.JSONField(_("answers"), default=dict, editable=False)
    problem = models.TextField(_("problem"), blank=True, editable=False)
    received_at = models.DateTimeField(_("received at"), editable=False)
    received_by = _user_foreign_key(_("uploaded by"))
    written_at = models.DateTimeField(_("imported at"), null=True, editable=False)
    written_by = _user_foreign_key(_("imported by"))
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)
    undone_by = _user_foreign_key(_("undone by"))

    class Meta:
        verbose_name = _("spreadsheet import")
        verbose_name_plural = _("spreadsheet imports")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["resource", "sha256"], name="publishing_import_same_file"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ImportState.values),
                name="publishing_importbatch_state",
                violation_error_message=_("The status of the import is not valid."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["written", "undone"])
                | models.Q(written_at__isnull=False, written_by__isnull=False),
                name="publishing_importbatch_written",
                violation_error_message=_(
                    "A completed import must have an import time and a user."
                ),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.file_name}"

    @property
    def has_changes(self) -> bool:
        """Return whether the import would create or change any record, or propose a
        change."""
        counts = self.counts
        own_count = sum(counts.get(action, 0) for action in RowAction.values)
        other_counts = (
            created + updated for _kind, created, updated in counts.get("others", [])
        )
        return own_count + sum(other_counts) > 0

    @property
    def unlisted_errors(self) -> int:
        return self.error_count - len(self.errors)

    @property
    def unlisted_warnings(self) -> int:
        return self.warning_count - len(self.warnings)

    @property
    def unlisted_changes(self) -> int:
        changes = self.preview.get("changes", [])
        return self.preview.get("change_count", 0) - len(changes)

    @property
    def unlisted_questions(self) -> int:
        """Return the number of questions that follow after the listed ones are
        answered."""
        listed = [item for item in self.questions if not item.get("is_about_file")]
        return max(self.counts.get("questions", 0) - len(listed), 0)


class ImportedFile(models.Model):
    """Content of an uploaded spreadsheet, deleted after the import is written."""

    batch = models.OneToOneField(
        ImportBatch, models.CASCADE, related_name="file", verbose_name=_("import")
    )
    content = models.BinaryField(_("file content"))

    class Meta:
        verbose_name = _("import file")
        verbose_name_plural = _("import files")

    def __str__(self):
        return f"{self.batch_id}"


class ImportedRow(models.Model):
    """The effect of an import on one record, stored for undoing the import.

    ``number`` is the row in the file, ``position`` the order of writing. ``before`` has
    the previous values of the changed fields of the resource; it is empty for a created
    record and for a proposed change. ``revision`` is the record's revision after the
    import.
    """

    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, related_name="rows", verbose_name=_("import")
    )
    position = models.PositiveIntegerField(_("order"))
    number = models.PositiveIntegerField(_("row in the file"))
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("type of record")
    )
    object_id = models.PositiveBigIntegerField(_("record"))
    resource = models.CharField(_("type of spreadsheet"), max_length=40)
    action = models.CharField(_("action"), max_length=8, choices=RowAction)
    before = models.JSONField(
        _("previous values"), default=dict, blank=True, encoder=DjangoJSONEncoder
    )
    revision = models.PositiveIntegerField(_("version"), default=0)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["content_type", "object_id"], name="publishing_imported_record"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "content_type", "object_id"],
                name="publishing_importedrow_once",
                violation_error_message=_(
                    "An import can process each record only once."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(action__in=RowAction.values),
                name="publishing_importedrow_action",
                violation_error_message=_(
                    "An import can only create records, change them or propose changes."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.batch_id}:{self.number}"
