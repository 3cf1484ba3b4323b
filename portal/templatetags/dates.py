"""Days and periods in words, as exactly as they are known."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.catalogue.period import Period
from portal.templatetags.components import gap
from portal.translations.dates import day_in_words, in_words
from portal.translations.interface import is_partly_english
from portal.translations.shown import reader_language

register = template.Library()


@register.simple_tag
def period(value: Period):
    """``<time>22–24 September 2025</time>``; the gap when no date is on record."""
    if not value:
        return gap(_("Date not on record"))
    words = in_words(value.first, value.last, value.precision, reader_language())
    # HTML's time element knows no ranges: its machine form is the first day's.
    machine = value.iso.partition("/")[0]
    return _time(machine, words)


@register.simple_tag
def day(value: dt.date | dt.datetime | None):
    """One day in words; the gap when it is not on record."""
    if value is None:
        return gap()
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    words = day_in_words(value, reader_language())
    return _time(value.isoformat(), words)


@register.simple_tag
def moment(value: dt.datetime | None):
    """The day of a moment at the office, with the moment itself for machines."""
    if value is None:
        return gap()
    local = timezone.localtime(value)
    words = day_in_words(local.date(), reader_language())
    machine = local.isoformat(timespec="seconds")
    return _time(machine, words)


def _time(machine: str, words: str):
    """A date in the page's language; marked where it may be part of an English text."""
    language = reader_language()
    if is_partly_english(language):
        return format_html(
            '<time datetime="{}" lang="{}">{}</time>', machine, language.tag, words
        )
    return format_html('<time datetime="{}">{}</time>', machine, words)
