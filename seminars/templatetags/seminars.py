"""Times of a programme, in the zone of the place."""

import datetime as dt
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.translations.dates import day_in_words
from portal.translations.shown import Shown, reader_language, shown
from seminars.models import Seminar, Session

register = template.Library()


@register.simple_tag
def session_time(session: Session, seminar: Seminar, place: Shown | None = None):
    """``29 October 2025, 09:30–11:00 Nanning, UTC+8``, of a session that has a time.

    ``place`` is the seminar's, for a session that names none; ``seminar`` comes through
    ``with_zone()``.
    """
    language = reader_language()
    own = session.place
    name = shown(own, "name", language) if own else place
    zone = ZoneInfo(
        (own.time_zone if own else seminar.zone) or timezone.get_default_timezone_name()
    )
    starts = session.starts_at.astimezone(zone)
    facts = {
        "day": day_in_words(starts.date(), language),
        "times": _times(starts, session.ends_at and session.ends_at.astimezone(zone)),
        "offset": _offset(starts),
    }
    if not name:
        return format_html(_("{day}, {times} {offset}"), **facts)
    place = format_html('<span lang="{}">{}</span>', name.tag, name.text)
    return format_html(_("{day}, {times} {place}, {offset}"), place=place, **facts)


def _times(starts: dt.datetime, ends: dt.datetime | None):
    first = _time(starts)
    if ends is None or ends == starts:
        return first
    # An end on another day is told with that day.
    is_same_day = ends.date() == starts.date()
    language = reader_language()
    day = "" if is_same_day else f"{day_in_words(ends.date(), language)}, "
    dash = "–" if is_same_day else " – "
    return format_html("{}{}{}{}", first, dash, day, _time(ends))


def _time(moment: dt.datetime):
    machine = moment.isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', machine, f"{moment:%H:%M}")


def _offset(moment: dt.datetime) -> str:
    """``UTC+8``, ``UTC+6:30``."""
    minutes = int(moment.utcoffset().total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"
