"""Background jobs of the staff admin."""

from celery import shared_task
from django.utils import timezone
from django.utils.dateparse import parse_date

from portal.core.accounts.choices import MailFrequency
from portal.core.accounts.models import User
from portal.core.audit import operations as audit
from portal.core.audit.models import ChainVerificationRun
from portal.core.jobs.operations import enqueue
from portal.core.jobs.registry import register_job
from portal.staff.audit_log import head_export
from portal.staff.work_mail import messages
from portal.staff.work_mail.events import (
    find_recipient,
    find_recipients,
    load_event,
)
from portal.staff.work_mail.schedule import enqueue_work_mail


@shared_task(name="staff.enqueue_due_jobs")
def enqueue_due_jobs() -> None:
    """Enqueue the jobs of the staff admin that are due; called each minute."""
    at = timezone.now()
    head_export.enqueue_head_export(at=at)
    enqueue_work_mail(at=at)


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


@register_job("staff.mail_event")
def mail_event(*, position: int) -> None:
    """Enqueue the mail about an audit entry, one job for each recipient.

    A mail that fails is sent again without those that were sent.
    """
    event = load_event(position)
    for user in find_recipients(event) if event else ():
        enqueue("staff.mail_person", at=timezone.now(), position=position, user=user.pk)


@register_job("staff.mail_person")
def mail_person(*, position: int, user: int) -> None:
    """Send one person the mail about an audit entry, if it still concerns them."""
    event = load_event(position)
    recipient = find_recipient(event, user) if event else None
    if recipient:
        messages.send_event(event, recipient)


@register_job("staff.mail_daily")
def mail_daily(*, user: int, day: str) -> None:
    """Send one person what waits for them; does nothing after the day has ended."""
    at = timezone.now()
    recipients = User.objects.mail_recipients(MailFrequency.DAILY)
    recipient = recipients.filter(pk=user).first()
    if recipient and parse_date(day) == timezone.localdate(at):
        messages.send_daily(recipient, at=at)
