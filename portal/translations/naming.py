"""What the history calls languages."""

from portal.history.naming import register_language_namer
from portal.translations.names import language_name
from portal.translations.shown import reader_language


@register_language_namer
def _as_readers_do(code: str) -> str:
    return str(language_name(code, reader_language()))
