"""Which mail about work is due: at once after an audit entry, or daily at 08:00.

Nothing is sent here. Audit entries are read by position, so that operations need not
know about mail, and a mail that fails never affects what was saved.
"""

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from portal.content.publishing.models import ImportBatch
from portal.core.accounts.choices import MailFrequency
from portal.core.accounts.models import User, WorkMailState
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed, Head
from portal.core.jobs.operations import enqueue
from portal.staff.work_mail.events import EVENT_ACTIONS

_DAILY_TIME = dt.time(8, 0)
_MAX_ENTRIES = 500
# The account that publishes records at their set time.
_PUBLISHER = "system:publish-due"
# Older entries are left out: after an outage people find their work on the start page.
_MAX_AGE = dt.timedelta(days=1)


@transaction.atomic
def enqueue_work_mail(*, at: dt.datetime) -> None:
    """Enqueue the jobs that send the mail that is due at ``at``.

    Does nothing without a mail server. The first call after a mail server was
    configured only stores from where to begin.
    """
    if not settings.EMAIL_URL:
        return
    # Read before the entries: later ones are read by the next call.
    head = Head.objects.filter(pk=1).first() or Head()
    today = timezone.localdate(at)
    state = WorkMailState.objects.lock(position=head.position, daily_on=today)
    _enqueue_daily(state, at=at)
    # A simultaneous call may have read a later end, and enqueued its entries.
    _enqueue_at_once(state, max(head.position, state.position), at=at)
    state.save(update_fields=["position", "daily_on"])


def _enqueue_daily(state: WorkMailState, *, at: dt.datetime) -> None:
    now = timezone.localtime(at)
    if now.time() < _DAILY_TIME or state.daily_on >= now.date():
        return
    state.daily_on = now.date()
    users = User.objects.mail_recipients(MailFrequency.DAILY)
    for pk in users.order_by("pk").values_list("pk", flat=True):
        enqueue("staff.mail_daily", at=at, user=pk, day=now.date().isoformat())


def _enqueue_at_once(
    state: WorkMailState, head_position: int, *, at: dt.datetime
) -> None:
    if not User.objects.mail_recipients(MailFrequency.AT_ONCE).exists():
        state.position = head_position
        return
    # Imports and samples of programs cause no mail; publications at a set time do.
    by_program = models.Q(by__is_actor=True) & ~models.Q(by__username=_PUBLISHER)
    entries = Deed.objects.filter(
        position__gt=state.position,
        position__lte=head_position,
        verb__in=EVENT_ACTIONS,
        at__gte=at - _MAX_AGE,
    ).exclude(by_program | _is_proposed_by_import())
    columns = ("position", "verb", "record_model", "record_row")
    rows = list(entries.order_by("position").values_list(*columns)[:_MAX_ENTRIES])
    # A proposal has an entry for each row that it changes.
    last_positions = {tuple(event): position for position, *event in rows}
    for position in sorted(last_positions.values()):
        enqueue("staff.mail_event", at=at, position=position)
    state.position = rows[-1][0] if len(rows) == _MAX_ENTRIES else head_position


def _is_proposed_by_import() -> models.Q:
    """Build the condition that an entry is about a change that an import proposed.

    The entries of an import have its time; the import itself has an entry, too.
    """
    imports = ImportBatch.objects.filter(
        written_at=models.OuterRef("at"), written_by=models.OuterRef("by")
    )
    return models.Q(models.Exists(imports), verb=AuditAction.PROPOSED)
