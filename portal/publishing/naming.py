"""What the history calls records, their parts, and what they point to."""

from collections.abc import Iterator

from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.files.models import Picture, StoredFile
from portal.history.naming import may_see, register_namer
from portal.publishing.models import Attachment, Illustration
from portal.translations.querysets import columns_not_read, translated_fields
from portal.translations.shown import reader_language, shown

# The fields by which a row is known to people, where its model has them.
_NAMES = ("name", "title", "text")

Named = Iterator[tuple[models.Model, str]]


@register_namer(models.Model)
def _titled(rows: models.QuerySet, reader) -> Named:
    """By name or title, in the reader's language where it is written."""
    model, language = rows.model, reader_language()
    translated = translated_fields(model)
    name = next((one for one in _NAMES if one in translated), "")
    if name:
        # Django's own defer: modeltranslation's would take every language.
        rows = models.QuerySet.defer(rows, *columns_not_read(model, language))
        yield from ((row, str(shown(row, name, language) or "")) for row in rows)
    elif "name" in {field.name for field in model._meta.fields}:
        yield from ((row, row.name) for row in rows)


@register_namer(StoredFile)
def _stored(rows: models.QuerySet, reader) -> Named:
    """By the name of the file, which opens it."""
    yield from ((row, _link(row)) for row in rows)


@register_namer(Picture)
def _described(rows: models.QuerySet, reader) -> Named:
    """By the file, with the words for those who cannot see it."""
    language = reader_language()
    for row in rows.select_related("file"):
        file = _link(row.file) if may_see(reader, StoredFile) else row.file.name
        words = shown(row, "alternative", language)
        told = _("without alternative text")
        if words:
            told = format_html('<span lang="{}">{}</span>', words.tag, words)
        yield row, format_html("{} – {}", file, told)


@register_namer(Attachment)
def _attached(rows: models.QuerySet, reader) -> Named:
    """By its title; by the file where that may be seen."""
    sees = may_see(reader, StoredFile)
    for row in rows.select_related("file"):
        yield row, row.title or (row.file.name if sees else "")


@register_namer(Illustration)
def _illustrated(rows: models.QuerySet, reader) -> Named:
    if may_see(reader, Picture):
        yield from ((row, str(row)) for row in rows.select_related("picture__file"))


def _link(file: StoredFile) -> str:
    url = reverse("admin:files_storedfile_download", kwargs={"pk": file.pk})
    return format_html('<a href="{}">{}</a>', url, file.name)
