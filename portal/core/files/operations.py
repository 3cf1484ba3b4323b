"""Operations on stored files: store uploads, extract PDF text, delete orphans."""

import datetime as dt

from django.core.files.storage import Storage
from django.db import IntegrityError, transaction

from portal.core.files.file_names import build_download_name
from portal.core.files.models import STORAGE_FOLDER, FileText, StoredFile
from portal.core.files.sandbox import UnreadableFileError, run_sandboxed
from portal.core.files.upload_validation import PDF, ValidatedUpload

# Timeout of the subprocess, which also limits its own CPU time and memory.
_EXTRACTION_TIMEOUT_SECONDS = 12
_ORPHAN_GRACE_PERIOD = dt.timedelta(days=1)


def store_validated_upload(upload: ValidatedUpload, *, name: str) -> StoredFile:
    """Store a validated upload and return its row.

    If the same bytes are already stored, the existing row is returned. If two requests
    store the same bytes at the same time, the database accepts one row; the other
    request deletes its copy of the bytes and returns that row.
    """
    digest = upload.compute_sha256()
    existing = StoredFile.objects.filter(sha256=digest)
    if duplicate := existing.first():
        return duplicate
    stored = StoredFile(
        sha256=digest,
        name=build_download_name(name, upload.extension),
        media_type=upload.media_type,
        size=upload.content.size,
        width=upload.width,
        height=upload.height,
    )
    stored.content.save(stored.name, upload.content, save=False)
    try:
        with transaction.atomic():
            stored.save()
    except IntegrityError:
        stored.content.storage.delete(stored.content.name)
        return existing.get()
    return stored


@transaction.atomic
def extract_text(stored: StoredFile, *, at: dt.datetime) -> FileText:
    """Return the text of a stored PDF, extracting it on the first call.

    If the file is not a PDF or its text cannot be extracted in time, the row has an
    empty text and a message in ``problem``. ``at`` is saved as the time of extraction.
    """
    existing = FileText.objects.filter(file=stored).first()
    if existing:
        return existing
    text, problem = _extract_pdf_text(stored)
    return FileText.objects.create(
        file=stored, text=text, problem=problem[:200], extracted_at=at
    )


def _extract_pdf_text(stored: StoredFile) -> tuple[str, str]:
    """Return the text of a stored PDF and a problem message; either may be empty."""
    if stored.media_type != PDF:
        return "", "not a PDF"
    try:
        with stored.content.open("rb") as content:
            return run_sandboxed(
                "portal.core.files.pdf_text.read_pdf_text",
                content,
                timeout_seconds=_EXTRACTION_TIMEOUT_SECONDS,
            ), ""
    except FileNotFoundError:
        return "", "the file is missing from the storage"
    except UnreadableFileError as error:
        return "", str(error)


def delete_orphaned_files(*, at: dt.datetime) -> int:
    """Delete stored files without a database row and return how many there were.

    Failed uploads leave files without a row. Only those older than one day at the time
    ``at`` are deleted, because newer ones may belong to a request in progress.
    """
    storage = StoredFile._meta.get_field("content").storage
    deleted_count = 0
    for folder in _list_folders(storage):
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        referenced = StoredFile.objects.filter(content__in=names)
        for name in sorted(
            set(names) - set(referenced.values_list("content", flat=True))
        ):
            if at - storage.get_modified_time(name) > _ORPHAN_GRACE_PERIOD:
                storage.delete(name)
                deleted_count += 1
    return deleted_count


def _list_folders(storage: Storage) -> list[str]:
    """Return the subfolders of the storage folder; empty if nothing has been stored."""
    if not storage.exists(STORAGE_FOLDER):
        return []
    return [
        f"{STORAGE_FOLDER}/{folder}"
        for folder in sorted(storage.listdir(STORAGE_FOLDER)[0])
    ]
