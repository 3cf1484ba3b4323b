"""Nightly export of the end of the audit log to a folder and by mail.

Somebody who can write the whole database could write the whole chain again. Heads that
are stored elsewhere show that.
"""

import datetime as dt
import os
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core.audit.models import Head
from portal.core.audit.stored_heads import (
    InvalidStoredHeadError,
    StoredHead,
    build_stored_head,
    parse_stored_head,
)
from portal.core.jobs.heartbeats import AUDIT_HEAD, AUDIT_HEAD_BEGUN
from portal.core.jobs.models import Heartbeat
from portal.core.jobs.operations import enqueue, record_heartbeat

# Time of the export in the time zone of the office.
_EXPORT_TIME = dt.time(2, 30)
_FILE_NAMES = "audit-head-*.json"
# Languages of the mail, one paragraph for each.
_LANGUAGES = ("zh-hans", "en")


class HeadMismatchError(Exception):
    """The audit log does not contain the head that was exported last."""


class HeadFolderError(Exception):
    """The folder for exported heads cannot be read or written."""


class HeadMailError(Exception):
    """There are recipients for the head, but no mail server."""


def is_head_export_configured() -> bool:
    """Return whether the environment names a folder or recipients for the head."""
    return bool(settings.AUDIT_HEAD_DIRECTORY or settings.AUDIT_HEAD_RECIPIENTS)


@transaction.atomic
def enqueue_head_export(*, at: dt.datetime) -> bool:
    """Enqueue the export once a night; return whether it was enqueued.

    It is due at 02:30 office time. An export that was missed, because nothing ran at
    that time, is due at once.
    """
    if not is_head_export_configured():
        return False
    begun = Heartbeat.objects.select_for_update().filter(name=AUDIT_HEAD_BEGUN).first()
    if begun and begun.at >= _get_last_due_time(at):
        return False
    record_heartbeat(AUDIT_HEAD_BEGUN, at=at)
    enqueue("audit.export_head", at=at)
    return True


def export_head(*, at: dt.datetime) -> None:
    """Write the end of the audit log to the folder and mail it to the recipients.

    Before, the audit log is compared with the latest head in the folder. Raises
    HeadMismatchError if it does not contain that head, HeadFolderError if the folder
    cannot be used, HeadMailError if there are recipients but no mail server, and the
    error of the mail server if it refuses the mail.
    """
    if not is_head_export_configured():
        return
    head = Head.objects.filter(pk=1).first() or Head()
    stored_head = build_stored_head(head.position, head.hash, at=at)
    if settings.AUDIT_HEAD_DIRECTORY:
        folder = Path(settings.AUDIT_HEAD_DIRECTORY)
        try:
            _require_latest_in_chain(folder)
            _write_head(folder, stored_head, at=at)
        except OSError as error:
            message = (
                f"AUDIT_HEAD_DIRECTORY {folder}: {error.strerror}. Create the folder "
                "and let the user of the worker write to it."
            )
            raise HeadFolderError(message) from error
    if settings.AUDIT_HEAD_RECIPIENTS:
        if not settings.EMAIL_URL:
            message = (
                "AUDIT_HEAD_RECIPIENTS is set, but EMAIL_URL is empty: the end of the "
                "audit log cannot be mailed. Set EMAIL_URL, or leave "
                "AUDIT_HEAD_RECIPIENTS empty."
            )
            raise HeadMailError(message)
        _mail_head(stored_head)
    record_heartbeat(AUDIT_HEAD, at=at)


def _get_last_due_time(at: dt.datetime) -> dt.datetime:
    local_time = timezone.localtime(at)
    due_time = timezone.make_aware(
        dt.datetime.combine(local_time.date(), _EXPORT_TIME), local_time.tzinfo
    )
    return due_time if due_time <= at else due_time - dt.timedelta(days=1)


def _require_latest_in_chain(folder: Path) -> None:
    """Raise HeadMismatchError if the audit log lacks the latest head in ``folder``."""
    # Path.glob finds nothing in a folder that this user may write but not read.
    paths = sorted(path for path in folder.iterdir() if path.match(_FILE_NAMES))
    if not paths:
        return
    try:
        latest = parse_stored_head(paths[-1].read_text(encoding="utf-8"))
    except (InvalidStoredHeadError, UnicodeDecodeError) as error:
        message = f"{paths[-1]} is not an exported head: restore or remove the file."
        raise HeadMismatchError(message) from error
    if not latest.is_in_chain():
        message = (
            f"The audit log does not match the head at position {latest.position} in "
            f"{paths[-1]}: entries were changed or removed after {latest.exported_at}. "
            "Run verify_history."
        )
        raise HeadMismatchError(message)


def _write_head(folder: Path, head: StoredHead, *, at: dt.datetime) -> None:
    """Write a new file with ``head``; files of earlier exports are not changed."""
    name = f"audit-head-{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}.json"
    temporary = folder / f".{name}.part"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(head.to_json())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / name)


def _mail_head(head: StoredHead) -> None:
    paragraphs = []
    for language in _LANGUAGES:
        with translation.override(language):
            subject = _("End of the audit log: position %(position)s")
            text = _(
                "This is the end of the audit log of the Conference portal. Keep this "
                "mail: it shows later whether entries were changed or removed."
            )
            paragraphs.append(text)
    body = "\n\n".join([*paragraphs, head.to_json()])
    send_mail(
        subject % {"position": head.position},
        body,
        None,
        list(settings.AUDIT_HEAD_RECIPIENTS),
    )
