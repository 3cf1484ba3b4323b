"""The sources and public files of records, read together in one query."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Case, CharField, F, IntegerField, Value, When
from django.db.models.functions import Cast

from portal.languages import BY_CODE
from portal.publishing.models import Attachment, Publishable, Source

_SOURCE, _FILE = 0, 1


@dataclass(frozen=True)
class PublicFile:
    """A file attached in public: ``language`` is a BCP 47 tag, ``size`` in bytes."""

    url: str
    name: str
    title: str
    language: str
    media_type: str
    size: int


@dataclass
class Evidence:
    """What a record rests on and what belongs to it, each in its order."""

    sources: list[dict] = field(default_factory=list)
    files: list[PublicFile] = field(default_factory=list)


def load_evidence(records: Iterable[Publishable]) -> dict[int, Evidence]:
    """Sources and public files by record's pk; every record is there."""
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
    sources = _rows(
        Source.objects.judged().filter(**of_records),
        _SOURCE,
        ["url", None, None, None, None],
        # PostgreSQL casts no truth value to a number of this size.
        Case(When(is_evidence_only=True, then=1), default=0),
    )
    files = _rows(
        Attachment.objects.filter(**of_records, is_public=True),
        _FILE,
        ["file__sha256", "file__name", "title", "language", "file__media_type"],
        F("file__size"),
    )
    for part, _position, _pk, owner, *facts in sorted(
        sources.union(files, all=True), key=lambda row: row[:3]
    ):
        _add(found[owner], part, *facts)
    return found


def _rows(rows, part: int, texts: list[str | None], number):
    """One arm of the union; every arm has the same types."""
    return rows.order_by().values_list(
        Value(part, IntegerField()),
        "position",
        "pk",
        "object_id",
        *[Cast(F(text) if text else Value(""), CharField()) for text in texts],
        Cast(number, models.BigIntegerField()),
    )


def _add(evidence: Evidence, part: int, address, name, title, language, media, number):
    if part == _SOURCE:
        evidence.sources.append({"url": address, "is_evidence_only": bool(number)})
        return
    url, tag = f"/files/{address}/{name}", BY_CODE[language].tag
    evidence.files.append(PublicFile(url, name, title, tag, media, number))
