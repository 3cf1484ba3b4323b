"""Publishes what is due. Beat, cron or “make run” say it each minute."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.accounts import operations as accounts
from portal.accounts.models import User
from portal.jobs import operations as jobs
from portal.jobs.heartbeats import BEAT
from portal.publishing import operations


class Command(BaseCommand):
    help = (
        "Publish approved records whose set time has come, run waiting jobs, and "
        "delete sign-ins that have been kept for a year."
    )

    def handle(self, *args, **options):
        at = timezone.now()
        actor = User.objects.actor("publish-due")
        published = operations.publish_due(by=actor, at=at)
        done = jobs.sweep(at=at)
        accounts.prune_sign_ins(at=at)
        accounts.prune_form_submissions(at=at)
        jobs.record_heartbeat(BEAT, at=at)
        if published or done:
            self.stdout.write(f"{published} published, {done} jobs run.")
