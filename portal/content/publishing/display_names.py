"""Display names of records, their child rows and related rows in the audit log.

Each function is registered for a model. It takes a queryset and the viewing user and
yields ``(row, name)``; a row without a pair is displayed without a name.
"""

from collections.abc import Iterator
from operator import attrgetter

from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.content.publishing.models import Attachment, Illustration
from portal.core.audit.display_names import (
    can_view_model,
    register_display_name_provider,
)
from portal.core.audit.past_names import NameFormat, register_name_format
from portal.core.files.models import Picture, StoredFile
from portal.core.translations.localized_text import get_active_language, localized
from portal.core.translations.querysets import get_unused_columns, translated_fields

# Fields that can serve as a row's name, in order of preference.
_NAME_FIELDS = ("name", "title", "text")

RowNames = Iterator[tuple[models.Model, str]]


@register_display_name_provider(models.Model)
def _name_by_title(rows: models.QuerySet, viewer) -> RowNames:
    """Yield rows with their name, title or text, localized for the active language."""
    model, language = rows.model, get_active_language()
    name_field = _get_translated_name_field(model)
    if name_field:
        # Call Django's own defer(): the one of modeltranslation would load every
        # language.
        rows = models.QuerySet.defer(rows, *get_unused_columns(model, language))
        yield from (
            (row, str(localized(row, name_field, language) or "")) for row in rows
        )
    elif _has_plain_name(model):
        yield from ((row, row.name) for row in rows)


@register_name_format(models.Model)
def _get_name_format(model: type[models.Model]) -> NameFormat | None:
    """Return the format of rows that are named by their name, title or text."""
    name_field, language = _get_translated_name_field(model), get_active_language()
    if name_field:
        return NameFormat(
            (name_field,), lambda row: str(localized(row, name_field, language) or "")
        )
    return NameFormat(("name",), attrgetter("name")) if _has_plain_name(model) else None


def _get_translated_name_field(model: type[models.Model]) -> str:
    translated = translated_fields(model)
    return next(
        (field_name for field_name in _NAME_FIELDS if field_name in translated), ""
    )


def _has_plain_name(model: type[models.Model]) -> bool:
    return "name" in {field.name for field in model._meta.fields}


@register_display_name_provider(StoredFile)
def _name_stored_files(rows: models.QuerySet, viewer) -> RowNames:
    """Yield stored files with their file name as a download link."""
    yield from ((row, _file_download_link(row)) for row in rows)


@register_display_name_provider(Picture)
def _name_pictures(rows: models.QuerySet, viewer) -> RowNames:
    """Yield pictures with their file name and alternative text.

    The file name is a download link if the user may view stored files.
    """
    language = get_active_language()
    for row in rows.select_related("file"):
        file = (
            _file_download_link(row.file)
            if can_view_model(viewer, StoredFile)
            else row.file.name
        )
        alternative = localized(row, "alternative", language)
        description = _("without alternative text")
        if alternative:
            description = format_html(
                '<span lang="{}">{}</span>', alternative.tag, alternative
            )
        yield row, format_html("{} – {}", file, description)


@register_display_name_provider(Attachment)
def _name_attachments(rows: models.QuerySet, viewer) -> RowNames:
    """Yield attachments with their title, or with the file name if there is no title
    and the user may view stored files."""
    can_view_files = can_view_model(viewer, StoredFile)
    for row in rows.select_related("file"):
        yield row, row.title or (row.file.name if can_view_files else "")


@register_display_name_provider(Illustration)
def _name_illustrations(rows: models.QuerySet, viewer) -> RowNames:
    """Yield illustrations with their file name if the user may view pictures."""
    if can_view_model(viewer, Picture):
        yield from ((row, str(row)) for row in rows.select_related("picture__file"))


def _file_download_link(file: StoredFile) -> str:
    """Return a link that downloads ``file`` in the staff admin."""
    url = reverse("admin:files_storedfile_download", kwargs={"pk": file.pk})
    return format_html('<a href="{}">{}</a>', url, file.name)
