"""Template tag for session times, in the time zone of the place."""

import datetime as dt
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.core.translations.dates import format_day
from portal.core.translations.localized_text import (
    LocalizedText,
    get_active_language,
    localized,
)
from seminars.models import Seminar, Session

register = template.Library()


@register.simple_tag
def session_time(
    session: Session, seminar: Seminar, place: LocalizedText | None = None
):
    """Format the day, times, place name and UTC offset of a session.

    Example: ``29 October 2025, 09:30–11:00 Nanning, UTC+8``. The session must have a
    start time. ``place`` is the name of the seminar's place, used for a session without
    a place of its own. ``seminar`` must come from a queryset ``with_time_zone()``.
    """
    language = get_active_language()
    session_place = session.place
    name = localized(session_place, "name", language) if session_place else place
    time_zone = ZoneInfo(
        (session_place.time_zone if session_place else seminar.time_zone)
        or timezone.get_default_timezone_name()
    )
    starts = session.starts_at.astimezone(time_zone)
    parts = {
        "day": format_day(starts.date(), language),
        "times": _format_time_range(
            starts, session.ends_at and session.ends_at.astimezone(time_zone)
        ),
        "offset": _format_utc_offset(starts),
    }
    if not name:
        return format_html(_("{day}, {times} {offset}"), **parts)
    place = format_html('<span lang="{}">{}</span>', name.tag, name.text)
    return format_html(_("{day}, {times} {place}, {offset}"), place=place, **parts)


def _format_time_range(starts: dt.datetime, ends: dt.datetime | None):
    first = _format_time(starts)
    if ends is None or ends == starts:
        return first
    # If the session ends on another day, show that day with the end time.
    is_same_day = ends.date() == starts.date()
    language = get_active_language()
    day = "" if is_same_day else f"{format_day(ends.date(), language)}, "
    dash = "–" if is_same_day else " – "
    return format_html("{}{}{}{}", first, dash, day, _format_time(ends))


def _format_time(moment: dt.datetime):
    iso_time = moment.isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', iso_time, f"{moment:%H:%M}")


def _format_utc_offset(moment: dt.datetime) -> str:
    """Return the UTC offset as text: ``UTC+8`` or ``UTC+6:30``."""
    minutes = int(moment.utcoffset().total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    hours, remaining_minutes = divmod(abs(minutes), 60)
    return (
        f"UTC{sign}{hours}:{remaining_minutes:02}"
        if remaining_minutes
        else f"UTC{sign}{hours}"
    )
