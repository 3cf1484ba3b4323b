"""Taking a file in: what it is, is read from its bytes, never from its name."""

import datetime as dt

from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction

from portal.files.apart import Unreadable, read_apart
from portal.files.examination import PDF, Examined, examine
from portal.files.models import FOLDER, FileText, StoredFile
from portal.files.names import download_name

# While its text is read, which another process does with limits of its own.
_READING_SECONDS = 12
_KEPT_WITHOUT_A_ROW = dt.timedelta(days=1)


def store_file(*, content: File, name: str) -> StoredFile:
    """Keep what ``content`` holds once and return its row.

    Raises ValidationError as ``examine`` does.
    """
    return keep(examine(content), name=name)


def keep(examined: Examined, *, name: str) -> StoredFile:
    """Keep bytes that were examined once, and return their row.

    Of two who bring the same bytes at the same moment, the database takes one; the
    other has written its copy beside it, which goes again.
    """
    digest = examined.digest()
    known = StoredFile.objects.filter(sha256=digest)
    if found := known.first():
        return found
    stored = StoredFile(
        sha256=digest,
        name=download_name(name, examined.ending),
        media_type=examined.media_type,
        size=examined.content.size,
        width=examined.width,
        height=examined.height,
    )
    stored.content.save(stored.name, examined.content, save=False)
    try:
        with transaction.atomic():
            stored.save()
    except IntegrityError:
        stored.content.storage.delete(stored.content.name)
        return known.get()
    return stored


@transaction.atomic
def extract_text(stored: StoredFile, *, at: dt.datetime) -> FileText:
    """Read the text of a PDF and keep it; of a file that was read, what is kept.

    A file that cannot be read, or not in time, is kept with the problem and no text.
    """
    known = FileText.objects.filter(file=stored).first()
    if known:
        return known
    text, problem = _read(stored)
    return FileText.objects.create(
        file=stored, text=text, problem=problem[:200], extracted_at=at
    )


def _read(stored: StoredFile) -> tuple[str, str]:
    """(text, problem), one of them empty unless the file has no text."""
    if stored.media_type != PDF:
        return "", "not a PDF"
    try:
        with stored.content.open("rb") as content:
            return read_apart("pdf_text.py", content, seconds=_READING_SECONDS), ""
    except FileNotFoundError:
        return "", "its bytes are lost"
    except Unreadable as problem:
        return "", str(problem)


def sweep(*, at: dt.datetime) -> int:
    """Delete bytes that no row tells of, older than a day; how many there were.

    A request that failed after it had written them leaves such. Nothing else is.
    """
    storage = StoredFile._meta.get_field("content").storage
    swept = 0
    for folder in _folders(storage):
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        known = StoredFile.objects.filter(content__in=names)
        for name in sorted(set(names) - set(known.values_list("content", flat=True))):
            if at - storage.get_modified_time(name) > _KEPT_WITHOUT_A_ROW:
                storage.delete(name)
                swept += 1
    return swept


def _folders(storage: Storage) -> list[str]:
    if not storage.exists(FOLDER):
        return []
    return [f"{FOLDER}/{folder}" for folder in sorted(storage.listdir(FOLDER)[0])]
