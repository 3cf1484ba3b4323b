"""Template tags that format dates and periods with the precision on record."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.content.catalogue.period import Period
from portal.core.translations.dates import format_day, format_period
from portal.core.translations.interface_language import is_partly_english
from portal.core.translations.localized_text import get_active_language
from portal.website.templatetags.components import missing_value

register = template.Library()


@register.simple_tag
def period(value: Period):
    """Return a period in words: ``<time>22–24 September 2025</time>``.

    The missing-value marker if no date is on record.
    """
    if not value:
        return missing_value(_("Date not known"))
    text = format_period(
        value.first, value.last, value.precision, get_active_language()
    )
    # HTML's time element cannot express a range: datetime is the first day.
    iso = value.iso.partition("/")[0]
    return _render_time(iso, text)


@register.simple_tag
def day(value: dt.date | dt.datetime | None):
    """Return one date in words; the missing-value marker for None.

    A datetime is shown as its date in the office's time zone.
    """
    if value is None:
        return missing_value()
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    text = format_day(value, get_active_language())
    return _render_time(value.isoformat(), text)


@register.simple_tag
def timestamp(value: dt.datetime | None):
    """Return the date of a datetime at the office, in words.

    The ``<time>`` element has the exact time. The missing-value marker for None.
    """
    if value is None:
        return missing_value()
    local = timezone.localtime(value)
    text = format_day(local.date(), get_active_language())
    iso = local.isoformat(timespec="seconds")
    return _render_time(iso, text)


def _render_time(iso: str, text: str):
    """Return the ``<time>`` element with the date in words.

    It has a ``lang`` where the surrounding text may be English because the language's
    catalogue is incomplete.
    """
    language = get_active_language()
    if is_partly_english(language):
        return format_html(
            '<time datetime="{}" lang="{}">{}</time>', iso, language.tag, text
        )
    return format_html('<time datetime="{}">{}</time>', iso, text)
