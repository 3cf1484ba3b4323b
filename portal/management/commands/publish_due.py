"""Publish records whose scheduled time has come, and run pending jobs.

If they are configured, the command also exports the end of the audit log and sends mail
about work. It deletes old sign-ins and form submissions. Celery beat, cron or ``make
run`` start it every minute.
"""

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.content.publishing import operations
from portal.core.accounts import operations as accounts
from portal.core.accounts.models import User
from portal.core.jobs import operations as jobs
from portal.core.jobs.heartbeats import BEAT
from portal.staff.audit_log.head_export import enqueue_head_export
from portal.staff.work_mail.schedule import enqueue_work_mail


class Command(BaseCommand):
    help = (
        "Publish approved records that are due, run pending jobs, and delete sign-ins "
        "older than a year and old form submissions."
    )

    def handle(self, *args, **options):
        at = timezone.now()
        actor = User.objects.get_system_user("publish-due")
        published = operations.publish_due(by=actor, at=at)
        enqueue_head_export(at=at)
        enqueue_work_mail(at=at)
        done = jobs.run_due_jobs(at=at)
        accounts.prune_sign_ins(at=at)
        accounts.prune_form_submissions(at=at)
        jobs.record_heartbeat(BEAT, at=at)
        if published or done:
            self.stdout.write(f"{published} published, {done} jobs run.")
