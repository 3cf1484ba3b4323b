"""What the history calls languages and dates."""

import datetime as dt

from portal.history.naming import register_date_namer, register_language_namer
from portal.translations.dates import known_date
from portal.translations.names import language_name
from portal.translations.shown import reader_language


@register_language_namer
def _as_readers_do(code: str) -> str:
    return str(language_name(code, reader_language()))


@register_date_namer
def _as_exactly_as_known(day: dt.date, precision: str) -> str:
    return known_date(day, precision)
