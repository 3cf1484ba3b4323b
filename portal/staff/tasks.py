"""Background jobs of the staff admin."""

from celery import shared_task
from django.utils import timezone

from portal.core.audit import operations as audit
from portal.core.audit.models import ChainVerificationRun
from portal.core.jobs.registry import register_job
from portal.staff.audit_log import head_export


@shared_task(name="staff.enqueue_due_jobs")
def enqueue_due_jobs() -> None:
    """Enqueue the jobs of the staff admin that are due; called each minute."""
    head_export.enqueue_head_export(at=timezone.now())


@register_job("audit.export_head")
def export_audit_head() -> None:
    """Export the end of the audit log to the folder and recipients of the settings."""
    head_export.export_head(at=timezone.now())


@register_job("audit.verify")
def verify_audit_log(*, run: int) -> dict | None:
    """Verify the next entries of the audit log; called again until the end."""
    verification = ChainVerificationRun.objects.filter(pk=run).first()
    if verification is None:
        return None
    audit.continue_verification(verification, at=timezone.now())
    return None if verification.finished_at else {"run": run}
