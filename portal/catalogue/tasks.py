from celery import shared_task
from django.utils import timezone

from portal.catalogue import operations
from portal.catalogue.content import ROW_AXIS, row_value
from portal.files.models import StoredFile
from portal.files.operations import extract_text
from portal.jobs import operations as jobs
from portal.jobs.registry import job


@job("catalogue.refresh")
def refresh(*, axis: str, values: list[str], after: list[str] | None = None):
    """Refresh one batch of entries; the payload of the next one, None at the end."""
    result = operations.refresh(
        axis=axis, values=values, after=_position(after), at=timezone.now()
    )
    if result.position is None:
        return None
    return {"axis": axis, "values": values, "after": list(result.position)}


@job("catalogue.refresh_using")
def refresh_using(*, axis: str, value: str, after: list[str] | None = None):
    """The same for one value: the form of jobs that an earlier release enqueued."""
    following = refresh(axis=axis, values=[value], after=after)
    if following is None:
        return None
    return {"axis": axis, "value": value, "after": following["after"]}


@job("catalogue.read_file")
def read_file(*, sha256: str, after: list[str] | None = None):
    """Read a file's text, once; the entries that show the file are found by it."""
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None:
        return None
    extract_text(stored, at=timezone.now())
    following = refresh(axis=ROW_AXIS, values=[row_value(stored)], after=after)
    return following and {"sha256": sha256, "after": following["after"]}


@job("catalogue.rebuild")
def rebuild_next(*, after: list[str] | None = None):
    """Compare one batch of records with their entries, and correct these."""
    result = operations.rebuild_next(after=_position(after), at=timezone.now())
    return None if result.position is None else {"after": list(result.position)}


@shared_task(name="catalogue.rebuild")
def rebuild() -> None:
    """Enqueue the nightly comparison: a job keeps its position when a worker dies."""
    jobs.enqueue("catalogue.rebuild", at=timezone.now())


def _position(after: list[str] | None) -> operations.Position | None:
    return (after[0], after[1]) if after else None
