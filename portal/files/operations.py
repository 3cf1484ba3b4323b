"""Taking a file in: what it is, is read from its bytes, never from its name."""

import datetime as dt
import hashlib
import subprocess
import sys
from pathlib import Path

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.text import get_valid_filename

from portal.files.examination import PDF, Examined, examine
from portal.files.models import FileText, StoredFile

# While its text is read, which another process does with limits of its own.
_READING_SECONDS = 12
_READER = Path(__file__).with_name("pdf_text.py")


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
    digest = _digest_of(examined.content)
    known = StoredFile.objects.filter(sha256=digest)
    if found := known.first():
        return found
    stored = StoredFile(
        sha256=digest,
        name=_download_name(name, examined.ending),
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


def _digest_of(content: File) -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    return digest.hexdigest()


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
            read = subprocess.run(  # noqa: S603 our own program, no words from outside
                [sys.executable, "-I", str(_READER)],
                input=content.read(),
                capture_output=True,
                timeout=_READING_SECONDS,
                check=True,
            )
    except FileNotFoundError:
        return "", "its bytes are lost"
    except subprocess.TimeoutExpired:
        return "", "took too long to read"
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode("utf-8", "replace").strip().splitlines()
        return "", told[-1] if told else f"the reader ended with {error.returncode}"
    return read.stdout.decode("utf-8"), ""


def _download_name(name: str, ending: str) -> str:
    # With a letter before it: Django refuses a name of dots alone, and so ".pdf".
    stem = get_valid_filename("x" + name.rsplit(".", 1)[0])[1:151].strip("._")
    return f"{stem or 'file'}{ending}"
