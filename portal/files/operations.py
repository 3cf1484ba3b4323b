"""Taking a file in: what it is, is read from its bytes, never from its name."""

import datetime as dt
import hashlib
import subprocess
import sys
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from portal.files.models import FileText, StoredFile

MAX_BYTES = 50 * 1024 * 1024
PDF = "application/pdf"
# While its text is read, which another process does with limits of its own.
_READING_SECONDS = 12
_READER = Path(__file__).with_name("pdf_text.py")
# First bytes of the kinds that are taken; further kinds come with their checks.
_SIGNATURES = (
    (b"%PDF-", PDF, ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)


@transaction.atomic
def store_file(*, content: File, name: str) -> StoredFile:
    """Keep the bytes of ``content`` once and return their row.

    Raises ValidationError as :func:`check_file` does.
    """
    media_type, ending = check_file(content=content)
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    known = StoredFile.objects.filter(sha256=digest.hexdigest()).first()
    if known:
        return known
    stored = StoredFile(
        sha256=digest.hexdigest(),
        name=_download_name(name, ending),
        media_type=media_type,
        size=content.size,
    )
    stored.content.save(stored.name, content, save=False)
    stored.save()
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


def check_file(*, content: File) -> tuple[str, str]:
    """The media type and file name ending of ``content``.

    Raises ValidationError when the file is empty, too large, or neither PDF, JPEG nor
    PNG by its first bytes.
    """
    if not content.size:
        raise ValidationError(_("The file is empty. Choose another file."))
    if content.size > MAX_BYTES:
        raise ValidationError(
            _("The file has %(size)s bytes; the limit is %(limit)s. Make it smaller."),
            params={"size": content.size, "limit": MAX_BYTES},
        )
    return _kind_of(content)


def _kind_of(content: File) -> tuple[str, str]:
    content.seek(0)
    head = content.read(16)
    content.seek(0)
    for signature, media_type, ending in _SIGNATURES:
        if head.startswith(signature):
            return media_type, ending
    raise ValidationError(
        _("The file is neither PDF, JPEG nor PNG. Save it as one of these.")
    )


def _download_name(name: str, ending: str) -> str:
    # With a letter before it: Django refuses a name of dots alone, and so ".pdf".
    stem = get_valid_filename("x" + name.rsplit(".", 1)[0])[1:151].strip("._")
    return f"{stem or 'file'}{ending}"
