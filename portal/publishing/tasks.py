import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.jobs.registry import job
from portal.publishing import operations
from portal.publishing.models import ImportBatch
from portal.publishing.spreadsheets import operations as spreadsheets
from portal.publishing.spreadsheets.progress import Progress

logger = logging.getLogger(__name__)


@shared_task(name="publishing.publish_due")
def publish_due() -> int:
    actor = User.objects.actor("publish-due")
    return operations.publish_due(by=actor, at=timezone.now())


@job("publishing.import_rows")
def import_rows(*, batch: int, verb: str, language: str) -> None:
    """Check or write an import; done a second time, it does nothing."""
    found = ImportBatch.objects.filter(pk=batch).first()
    if found is None:
        return
    progress, at = Progress(found.pk), timezone.now()
    with translation.override(language):
        try:
            with transaction.atomic():
                if verb == "check":
                    spreadsheets.check(found, at=at, progress=progress)
                else:
                    by = found.written_by
                    spreadsheets.write(found, by=by, at=at, progress=progress)
        except spreadsheets.WrongStep:
            logger.info("import %s was dealt with already", batch)
        except Exception:
            # Told to the clerk, who waits for it; trying again would fail again.
            logger.exception("import %s failed", batch)
            spreadsheets.fail(found)
