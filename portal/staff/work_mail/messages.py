"""Texts of the mail about work, in the interface language of the recipient."""

import datetime as dt
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.accounts.dashboard import DashboardItem, load_items
from portal.core.accounts.models import User
from portal.core.accounts.one_time_links import get_portal_origin
from portal.core.audit.choices import AuditAction
from portal.staff.work_mail.events import WorkEvent

# Widgets of the start page that list what waits for a person. They contain no personal
# data of participants.
DAILY_WIDGETS = (
    "returned",
    "review",
    "actions",
    "requests",
    "meetings",
    "countries",
)
_MAX_ITEMS = 20


def send_event(event: WorkEvent, user: User) -> None:
    """Send the mail about one event to ``user``.

    Raises the error of the mail server, and ValueError if the settings do not name a
    host of the portal.
    """
    with translation.override(user.interface_language):
        values = {
            "record": event.get_record_label(),
            "kind": event.record._meta.verbose_name,
            "person": event.entry.by.get_full_name() or event.entry.by.username,
        }
        subject, text = _get_event_texts(event)
        parts = [text % values]
        if event.is_return and event.entry.note:
            parts.append(event.entry.note)
        parts.append(get_portal_origin() + event.get_path())
        _send(user, subject % values, parts)


def send_daily(user: User, *, at: dt.datetime) -> bool:
    """Send ``user`` what waits for them, as on the start page; return whether it did.

    Nothing is sent if nothing waits. Raises the same errors as ``send_event``.
    """
    with translation.override(user.interface_language):
        parts = []
        for widget, items in load_items(user, at, _MAX_ITEMS + 1):
            if items and widget.code in DAILY_WIDGETS:
                parts.append(_format_widget(str(widget.title), items))
        if not parts:
            return False
        parts.append(
            _("All of it is on the start page: %(url)s")
            % {"url": get_portal_origin() + reverse("admin:index")}
        )
        _send(user, _("Conference portal: what waits for you"), parts)
    return True


def _get_event_texts(event: WorkEvent) -> tuple[str, str]:
    """Return subject and first paragraph, with placeholders."""
    if event.entry.verb == AuditAction.PROPOSED:
        return (
            _("Waiting for your review: %(record)s"),
            _("%(person)s proposed a change of the %(kind)s “%(record)s”."),
        )
    if event.entry.verb == AuditAction.IMPORTED:
        return (
            _("Waiting for your review: %(record)s"),
            _(
                "%(person)s proposed changes of published records with the %(kind)s "
                "“%(record)s”."
            ),
        )
    if event.entry.verb == AuditAction.APPROVAL_LAPSED:
        return (
            _("Waiting for your review: %(record)s"),
            _(
                "The %(kind)s “%(record)s” was not published at its time, because it"
                " is not the approved version any more. It waits for review again."
            ),
        )
    if event.is_submission:
        return (
            _("Waiting for your review: %(record)s"),
            _("%(person)s submitted the %(kind)s “%(record)s” for review."),
        )
    if event.is_return:
        return (
            _("Returned to you: %(record)s"),
            _("%(person)s returned the %(kind)s “%(record)s”."),
        )
    if event.entry.verb == AuditAction.ACCEPTED:
        return (
            _("Accepted: %(record)s"),
            _("The change of the %(kind)s “%(record)s” was accepted."),
        )
    return (
        _("Published: %(record)s"),
        _("The %(kind)s “%(record)s” was published."),
    )


def _format_widget(title: str, items: Sequence[DashboardItem]) -> str:
    origin = get_portal_origin()
    lines = [title]
    for item in items[:_MAX_ITEMS]:
        name = f"{item.name} ({item.note})" if item.note else str(item.name)
        lines += [f"- {name}", f"  {origin}{item.url}"]
    if len(items) > _MAX_ITEMS:
        lines.append(_("- and more"))
    return "\n".join(lines)


def _send(user: User, subject: str, parts: Sequence[str]) -> None:
    closing = _("To get this mail at another time or not at all: %(url)s") % {
        "url": get_portal_origin() + reverse("account-overview")
    }
    # Titles may contain line breaks, which a subject must not.
    subject = " ".join(subject.split())
    EmailMessage(
        subject,
        "\n\n".join([*parts, closing]),
        to=[user.email],
        # So that absence notices are not sent to the portal.
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
