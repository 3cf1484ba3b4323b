"""The sources, public files and pictures of records, read together in one query."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F, Func, IntegerField, TextField, Value
from django.db.models.functions import Cast, JSONObject

from portal.languages import BY_CODE, Language
from portal.publishing.models import Attachment, Illustration, Publishable, Source
from portal.translations.shown import Shown, choose, columns_read, languages_read

_SOURCE, _FILE, _PICTURE = 0, 1, 2
_SOURCE_FACTS = ["url", "host", "is_evidence_only"]
_FILE_FACTS = [
    *("title", "language"),
    *(f"file__{name}" for name in ("sha256", "name", "media_type", "size")),
]


class _Facts(JSONObject):
    """Columns as one JSON object."""

    def as_sqlite(self, compiler, connection, **extra):
        # Django's own would ask SQLite with a query whether it knows JSON.
        return Func.as_sql(self, compiler, connection, **extra)


@dataclass(frozen=True)
class PublicFile:
    """A file attached in public: ``language`` is a BCP 47 tag, ``size`` in bytes."""

    url: str
    name: str
    title: str
    language: str
    media_type: str
    size: int


@dataclass(frozen=True)
class PublicPicture:
    """A picture with its words for one reader; ``width`` and ``height`` in pixels."""

    url: str
    media_type: str
    width: int
    height: int
    alternative: Shown
    caption: Shown | None
    credit: str


@dataclass
class Evidence:
    """What a record rests on and what belongs to it, each in its order."""

    sources: list[dict] = field(default_factory=list)
    files: list[PublicFile] = field(default_factory=list)
    pictures: list[PublicPicture] = field(default_factory=list)

    @property
    def texts(self) -> list[Shown]:
        """The words of the pictures."""
        told = [(one.alternative, one.caption) for one in self.pictures]
        return [text for pair in told for text in pair if text]


def load_evidence(
    records: Iterable[Publishable], language: Language
) -> dict[int, Evidence]:
    """By record's pk, for a reader of ``language``; every record is there.

    A picture of which nothing says what is to be seen is left out.
    """
    records = list(records)
    found = {record.pk: Evidence() for record in records}
    if not records:
        return found
    meta = type(records[0])._meta
    of_records = {
        "content_type__app_label": meta.app_label,
        "content_type__model": meta.model_name,
        "object_id__in": list(found),
    }
    sources = Source.objects.judged().filter(**of_records)
    files = Attachment.objects.filter(**of_records, is_public=True)
    pictures = Illustration.objects.filter(**of_records)
    arms = [
        _rows(sources, _SOURCE, _SOURCE_FACTS),
        _rows(files, _FILE, _FILE_FACTS),
        _rows(pictures, _PICTURE, _picture_facts(language)),
    ]
    rows = arms[0].union(*arms[1:], all=True)
    for part, _position, _pk, owner, facts in sorted(rows, key=lambda row: row[:3]):
        _add(found[owner], part, json.loads(facts), language)
    return found


def _rows(rows: models.QuerySet, part: int, facts: list[str]):
    """One arm of the union; every arm has the same types, its facts are JSON."""
    told = _Facts(**{path.replace("__", "_"): F(path) for path in facts})
    return rows.order_by().values_list(
        Value(part, IntegerField()),
        "position",
        "pk",
        "object_id",
        Cast(told, TextField()),
    )


def _picture_facts(language: Language) -> list[str]:
    names = ("sha256", "name", "media_type", "width", "height")
    texts = columns_read("alternative", language) + columns_read("caption", language)
    return [f"picture__{name}" for name in ("credit", *texts)] + [
        f"picture__file__{name}" for name in names
    ]


def _add(evidence: Evidence, part: int, facts: dict, language: Language) -> None:
    if part == _SOURCE:
        facts["is_evidence_only"] = bool(facts["is_evidence_only"])
        evidence.sources.append(facts)
    elif part == _FILE:
        evidence.files.append(_file(facts))
    elif picture := _picture(facts, language):
        evidence.pictures.append(picture)


def _file(facts: dict) -> PublicFile:
    return PublicFile(
        url=f"/files/{facts['file_sha256']}/{facts['file_name']}",
        name=facts["file_name"],
        title=facts["title"],
        language=BY_CODE[facts["language"]].tag,
        media_type=facts["file_media_type"],
        size=facts["file_size"],
    )


def _picture(facts: dict, language: Language) -> PublicPicture | None:
    """None when no language of the reader's says what is to be seen."""
    alternative = _told("alternative", facts, language)
    if alternative is None:
        return None
    return PublicPicture(
        url=f"/files/{facts['picture_file_sha256']}/{facts['picture_file_name']}",
        media_type=facts["picture_file_media_type"],
        width=facts["picture_file_width"],
        height=facts["picture_file_height"],
        alternative=alternative,
        caption=_told("caption", facts, language),
        credit=facts["picture_credit"],
    )


def _told(name: str, facts: dict, language: Language) -> Shown | None:
    codes = languages_read(language)
    columns = columns_read(f"picture_{name}", language)
    texts = zip(codes, (facts[column] for column in columns), strict=True)
    return choose(dict(texts), language)
