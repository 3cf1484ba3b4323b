"""Names of languages and dates in the audit log."""

import datetime as dt

from portal.core.audit.display_names import (
    register_date_formatter,
    register_language_name_provider,
)
from portal.core.translations.dates import format_known_date
from portal.core.translations.language_names import get_language_name
from portal.core.translations.localized_text import get_active_language


@register_language_name_provider
def _get_name_in_active_language(code: str) -> str:
    """Return the name of a language in the active language."""
    return str(get_language_name(code, get_active_language()))


@register_date_formatter
def _format_date(day: dt.date, precision: str) -> str:
    """Format a date in the active language, with the given precision."""
    return format_known_date(day, precision)
