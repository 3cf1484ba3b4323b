from celery import shared_task
from django.utils import timezone

from portal.content.catalogue import operations
from portal.content.catalogue.content_digest import ROW_AXIS, row_value
from portal.core.files.models import StoredFile
from portal.core.files.operations import extract_text
from portal.core.jobs import operations as jobs
from portal.core.jobs.registry import register_job


@register_job("catalogue.refresh")
def refresh(*, axis: str, values: list[str], after: list[str] | None = None):
    """Refresh one batch of entries; return the payload of the next batch or None."""
    result = operations.refresh(
        axis=axis, values=values, after=_position(after), at=timezone.now()
    )
    if result.position is None:
        return None
    return {"axis": axis, "values": values, "after": list(result.position)}


@register_job("catalogue.refresh_using")
def refresh_tagged_entries(*, axis: str, value: str, after: list[str] | None = None):
    """Refresh one batch of entries for jobs enqueued by an earlier release.

    These jobs have a single value. Return the payload of the next batch or None.
    """
    next_payload = refresh(axis=axis, values=[value], after=after)
    if next_payload is None:
        return None
    return {"axis": axis, "value": value, "after": next_payload["after"]}


@register_job("catalogue.read_file")
def extract_file_text(*, sha256: str, after: list[str] | None = None):
    """Extract the text of a stored file and refresh the entries that show it.

    The text is extracted only once. Return the payload of the next batch of entries or
    None.
    """
    stored_file = StoredFile.objects.filter(sha256=sha256).first()
    if stored_file is None:
        return None
    extract_text(stored_file, at=timezone.now())
    next_payload = refresh(axis=ROW_AXIS, values=[row_value(stored_file)], after=after)
    return next_payload and {"sha256": sha256, "after": next_payload["after"]}


@register_job("catalogue.rebuild")
def rebuild_next(*, after: list[str] | None = None):
    """Compare one batch of records with their entries and correct the entries.

    Return the payload of the next batch or None.
    """
    result = operations.rebuild_next(after=_position(after), at=timezone.now())
    return None if result.position is None else {"after": list(result.position)}


@register_job("catalogue.clean_words")
def clean_words(*, after: int = 0):
    """Delete one batch of stale words of the search.

    Return the payload of the next batch or None.
    """
    last_pk = operations.clean_search_words(after=after)
    return None if last_pk is None else {"after": last_pk}


@shared_task(name="catalogue.rebuild")
def rebuild() -> None:
    """Enqueue the nightly rebuild of the catalogue and of the words of its search.

    They are jobs, which keep their position if a worker dies.
    """
    now = timezone.now()
    jobs.enqueue("catalogue.rebuild", at=now)
    jobs.enqueue("catalogue.clean_words", at=now)


def _position(after: list[str] | None) -> operations.Position | None:
    return (after[0], after[1]) if after else None
