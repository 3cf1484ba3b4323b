"""Sources, public files and pictures of records, read in one query."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F, Func, IntegerField, TextField, Value
from django.db.models.functions import Cast, JSONObject

from portal.content.publishing.models import (
    Attachment,
    Illustration,
    Publishable,
    Source,
)
from portal.core.languages import LANGUAGES_BY_CODE, Language
from portal.core.translations.localized_text import (
    LocalizedText,
    choose_localized_text,
    get_fallback_chain,
    get_localized_columns,
)

_SOURCE, _FILE, _PICTURE = 0, 1, 2
_SOURCE_COLUMNS = ["url", "host", "is_evidence_only"]
_FILE_COLUMNS = [
    *("title", "language"),
    *(f"file__{name}" for name in ("sha256", "name", "media_type", "size")),
]


class _ColumnsAsJSON(JSONObject):
    """JSON object of several columns."""

    def as_sqlite(self, compiler, connection, **extra):
        # Django's implementation would query SQLite for JSON support first.
        return Func.as_sql(self, compiler, connection, **extra)


@dataclass(frozen=True)
class PublicFile:
    """Publicly attached file; ``language`` is a BCP 47 tag, ``size`` is in bytes."""

    url: str
    name: str
    title: str
    language: str
    media_type: str
    size: int


@dataclass(frozen=True)
class PublicPicture:
    """Picture with localized texts; ``width`` and ``height`` are in pixels."""

    url: str
    media_type: str
    width: int
    height: int
    alternative: LocalizedText
    caption: LocalizedText | None
    credit: str


@dataclass
class SourcesAndFiles:
    """Sources, public files and pictures of a record, each list in display order."""

    sources: list[dict] = field(default_factory=list)
    files: list[PublicFile] = field(default_factory=list)
    pictures: list[PublicPicture] = field(default_factory=list)

    @property
    def picture_texts(self) -> list[LocalizedText]:
        """Return the alternative texts and captions of the pictures."""
        text_pairs = [
            (picture.alternative, picture.caption) for picture in self.pictures
        ]
        return [text for pair in text_pairs for text in pair if text]


def load_sources_and_files(
    records: Iterable[Publishable], language: Language
) -> dict[int, SourcesAndFiles]:
    """Load sources, public files and pictures of ``records`` in one query.

    Returns a dict by primary key with an entry for every record; texts are localized
    for ``language``. Pictures without alternative text in any fallback language are
    omitted.
    """
    records = list(records)
    result = {record.pk: SourcesAndFiles() for record in records}
    if not records:
        return result
    meta = type(records[0])._meta
    record_filter = {
        "content_type__app_label": meta.app_label,
        "content_type__model": meta.model_name,
        "object_id__in": list(result),
    }
    sources = Source.objects.with_is_evidence_only().filter(**record_filter)
    files = Attachment.objects.filter(**record_filter, is_public=True)
    pictures = Illustration.objects.filter(**record_filter)
    subqueries = [
        _build_subquery(sources, _SOURCE, _SOURCE_COLUMNS),
        _build_subquery(files, _FILE, _FILE_COLUMNS),
        _build_subquery(pictures, _PICTURE, _picture_columns(language)),
    ]
    rows = subqueries[0].union(*subqueries[1:], all=True)
    for row_type, _position, _pk, owner, values in sorted(
        rows, key=lambda row: row[:3]
    ):
        _add_row(result[owner], row_type, json.loads(values), language)
    return result


def _build_subquery(rows: models.QuerySet, row_type: int, columns: list[str]):
    """Build the subquery of one type for the union; its columns are packed into JSON so
    that all subqueries have the same column types."""
    json_columns = _ColumnsAsJSON(
        **{path.replace("__", "_"): F(path) for path in columns}
    )
    return rows.order_by().values_list(
        Value(row_type, IntegerField()),
        "position",
        "pk",
        "object_id",
        Cast(json_columns, TextField()),
    )


def _picture_columns(language: Language) -> list[str]:
    names = ("sha256", "name", "media_type", "width", "height")
    texts = get_localized_columns("alternative", language) + get_localized_columns(
        "caption", language
    )
    return [f"picture__{name}" for name in ("credit", *texts)] + [
        f"picture__file__{name}" for name in names
    ]


def _add_row(
    sources_and_files: SourcesAndFiles, row_type: int, values: dict, language: Language
) -> None:
    if row_type == _SOURCE:
        values["is_evidence_only"] = bool(values["is_evidence_only"])
        sources_and_files.sources.append(values)
    elif row_type == _FILE:
        sources_and_files.files.append(_build_file(values))
    elif picture := _build_picture(values, language):
        sources_and_files.pictures.append(picture)


def _build_file(values: dict) -> PublicFile:
    return PublicFile(
        url=f"/files/{values['file_sha256']}/{values['file_name']}",
        name=values["file_name"],
        title=values["title"],
        language=LANGUAGES_BY_CODE[values["language"]].tag,
        media_type=values["file_media_type"],
        size=values["file_size"],
    )


def _build_picture(values: dict, language: Language) -> PublicPicture | None:
    """Build a localized picture; None without alternative text in any fallback
    language."""
    alternative = _localize_picture_text("alternative", values, language)
    if alternative is None:
        return None
    return PublicPicture(
        url=f"/files/{values['picture_file_sha256']}/{values['picture_file_name']}",
        media_type=values["picture_file_media_type"],
        width=values["picture_file_width"],
        height=values["picture_file_height"],
        alternative=alternative,
        caption=_localize_picture_text("caption", values, language),
        credit=values["picture_credit"],
    )


def _localize_picture_text(
    name: str, values: dict, language: Language
) -> LocalizedText | None:
    codes = get_fallback_chain(language)
    columns = get_localized_columns(f"picture_{name}", language)
    texts = zip(codes, (values[column] for column in columns), strict=True)
    return choose_localized_text(dict(texts), language)
