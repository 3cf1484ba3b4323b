"""Celery task and outbox job of the publishing app."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone, translation

from portal.content.publishing import operations
from portal.content.publishing.models import ImportBatch
from portal.content.spreadsheets import operations as spreadsheets
from portal.content.spreadsheets.progress import ImportProgress
from portal.core.accounts.models import User
from portal.core.jobs.registry import register_job

logger = logging.getLogger(__name__)


@shared_task(name="publishing.publish_due")
def publish_due() -> int:
    """Publish approved records whose time has come; return their number."""
    actor = User.objects.get_system_user("publish-due")
    return operations.publish_due(by=actor, at=timezone.now())


@register_job("publishing.import_rows")
def import_rows(*, batch: int, verb: str, language: str) -> None:
    """Check or write an import with messages in ``language``.

    The action is ``check`` or ``write``. Running the job again for the same step does
    nothing. Any other failure is logged and stored in the import.
    """
    import_batch = ImportBatch.objects.filter(pk=batch).first()
    if import_batch is None:
        return
    progress, at = ImportProgress(import_batch.pk), timezone.now()
    with translation.override(language):
        try:
            with transaction.atomic():
                if verb == "check":
                    spreadsheets.check_import(import_batch, at=at, progress=progress)
                else:
                    by = import_batch.written_by
                    spreadsheets.write_import(
                        import_batch, by=by, at=at, progress=progress
                    )
        except spreadsheets.InvalidImportStateError:
            logger.info("import %s was processed already", batch)
        except Exception:
            # The failure is shown to the user and not raised: a retry would fail again.
            logger.exception("import %s failed", batch)
            spreadsheets.mark_import_failed(import_batch)
