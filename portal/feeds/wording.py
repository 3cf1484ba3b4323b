"""Words of ours around a title, where nothing but the title can carry them."""

from collections.abc import Callable
from dataclasses import replace

from django.utils import translation

from portal.translations.shown import Shown


def with_words(title: Shown, said: Callable[[dict[str, str]], str]) -> Shown:
    """``title`` inside a sentence that ``said`` gives, in the title's own language.

    A line of a calendar has one language: a Thai word before an English title would be
    marked as English. ``said`` takes ``{"title": …}`` and calls gettext.
    """
    with translation.override(title.language.code):
        return replace(title, text=said({"title": title.text}))
