"""Choices of the import models."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ImportState(models.TextChoices):
    """Processing state of a spreadsheet import."""

    CHECKING = "checking", pgettext_lazy("state of an import", "checking")
    ASKING = "asking", pgettext_lazy("state of an import", "waiting for answers")
    CHECKED = "checked", pgettext_lazy("state of an import", "checked")
    WRITING = "writing", pgettext_lazy("state of an import", "importing")
    WRITTEN = "written", pgettext_lazy("state of an import", "imported")
    UNDONE = "undone", pgettext_lazy("state of an import", "undone")
    FAILED = "failed", pgettext_lazy("state of an import", "failed")


class RowAction(models.TextChoices):
    """Action of an import on a record: created, updated, or a change was proposed."""

    CREATED = "created", pgettext_lazy("what an import did", "created")
    UPDATED = "updated", pgettext_lazy("what an import did", "changed")
    PROPOSED = "proposed", pgettext_lazy("what an import did", "change proposed")
