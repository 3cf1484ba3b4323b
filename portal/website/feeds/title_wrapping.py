"""Add words to a localised title, in the language of the title."""

from collections.abc import Callable
from dataclasses import replace

from django.utils import translation

from portal.core.translations.localized_text import LocalizedText


def wrap_title(
    title: LocalizedText, format_title: Callable[[dict[str, str]], str]
) -> LocalizedText:
    """Return ``title`` inside a message in the title's own language.

    ``format_title`` takes ``{"title": …}`` and returns a gettext message. A calendar
    line has one language tag, so a Thai word before an English title would be marked as
    English.
    """
    with translation.override(title.language.code):
        return replace(title, text=format_title({"title": title.text}))
