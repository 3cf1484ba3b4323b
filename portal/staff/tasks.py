"""Background jobs of the staff admin."""

from django.utils import timezone

from portal.core.audit import operations as audit
from portal.core.audit.models import ChainVerificationRun
from portal.core.jobs.registry import register_job


@register_job("audit.verify")
def verify_audit_log(*, run: int) -> dict | None:
    """Verify the next entries of the audit log; called again until the end."""
    verification = ChainVerificationRun.objects.filter(pk=run).first()
    if verification is None:
        return None
    audit.continue_verification(verification, at=timezone.now())
    return None if verification.finished_at else {"run": run}
