"""Celery tasks that delete expired rows; run once a day by Celery beat."""

from celery import shared_task
from django.utils import timezone

from portal.core.accounts import operations


@shared_task(name="accounts.prune_sign_ins")
def prune_sign_ins() -> int:
    return operations.prune_sign_ins(at=timezone.now())


@shared_task(name="accounts.prune_form_submissions")
def prune_form_submissions() -> int:
    return operations.prune_form_submissions(at=timezone.now())
