from celery import shared_task
from django.utils import timezone

from portal.accounts.models import User
from portal.publishing import operations


@shared_task(name="publishing.publish_due")
def publish_due() -> int:
    actor = User.objects.actor("publish-due")
    return operations.publish_due(by=actor, at=timezone.now())
