from django.utils import timezone

from portal.catalogue import operations
from portal.files.models import StoredFile
from portal.files.operations import extract_text
from portal.jobs.registry import job


@job("catalogue.refresh_using")
def refresh_using(*, axis: str, value: str) -> None:
    operations.refresh_using(axis=axis, value=value, at=timezone.now())


@job("catalogue.read_file")
def read_file(*, sha256: str) -> None:
    """Read a file's text, once; the entries that show the file are found by it."""
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored:
        at = timezone.now()
        extract_text(stored, at=at)
        operations.refresh_using(axis="file", value=sha256, at=at)
