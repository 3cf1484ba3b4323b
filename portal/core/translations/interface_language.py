"""Language in which a message of the interface is actually shown.

Where a catalogue has no translation, Django falls back to English for that message, so
a page may contain messages in two languages; those in English are marked as English.
``compile_catalogues`` writes the messages that a catalogue lacks as a second gettext
domain, ``missing``, next to the compiled catalogue.
"""

import gettext
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation

from portal.core.languages import DEFAULT_LANGUAGE, Language
from portal.core.translations.localized_text import LocalizedText, get_active_language

CATALOGUE_DOMAIN = "django"
# Catalogue of untranslated messages: each is its own translation, without context.
MISSING_DOMAIN = "missing"


class _NoMessage(gettext.NullTranslations):
    """Fallback of a catalogue that returns "" for messages the catalogue lacks."""

    def gettext(self, message):
        return ""

    def ngettext(self, msgid1, msgid2, n):
        return ""

    def pgettext(self, context, message):
        return ""

    def npgettext(self, context, msgid1, msgid2, n):
        return ""


def is_partly_english(language: Language) -> bool:
    """Return whether some messages have no translation into ``language``."""
    return bool(_find_files(MISSING_DOMAIN, language.code, _get_folders()))


def message_language(
    language: Language,
    msgid: str,
    *,
    context: str | None = None,
    plural: str | None = None,
) -> Language:
    """Return the language in which a message is shown to readers of ``language``.

    ``msgid``, ``context`` and ``plural`` are those of the gettext call. The result is
    ``language``, or English if the message is not translated.
    """
    if language is DEFAULT_LANGUAGE:
        return language
    is_shown = _is_translated(language.code, msgid, context, plural, _get_folders())
    return language if is_shown else DEFAULT_LANGUAGE


def text_language(language: Language, text: str) -> Language:
    """Return the language of a text that gettext returned in ``language``.

    The result is English if the text is an untranslated message, otherwise
    ``language``. The first letter may have been capitalised after the gettext call.
    """
    missing = _load_catalogue(MISSING_DOMAIN, language.code, _get_folders())
    if missing is None or not text:
        return language
    translate = missing.gettext
    return (
        DEFAULT_LANGUAGE
        if translate(text) or translate(text[0].lower() + text[1:])
        else language
    )


def interface_text(
    message: str, values: Mapping[str, object] | None = None
) -> LocalizedText:
    """Return a message with the language it is in, for the active language.

    ``message`` is the result of gettext; ``values`` replace its placeholders
    (``%(name)s``).
    """
    reader, text = get_active_language(), str(message)
    language = text_language(reader, text)
    if values is not None:
        text = text % values
    return LocalizedText(text, language, is_fallback=language is not reader)


def whole_text(build_text: Callable[[], str], *messages: str) -> LocalizedText:
    """Return a text built from several messages, entirely in one language.

    ``messages`` are the results of gettext that ``build_text`` uses. If one of them is
    not translated into the active language, ``build_text`` is called with English
    active.
    """
    reader = get_active_language()
    if all(text_language(reader, str(text)) is reader for text in messages):
        return LocalizedText(build_text(), reader)
    with translation.override(DEFAULT_LANGUAGE.code):
        return LocalizedText(build_text(), DEFAULT_LANGUAGE, is_fallback=True)


@cache
def _is_translated(
    code: str,
    msgid: str,
    context: str | None,
    plural: str | None,
    folders: tuple[Path, ...],
) -> bool:
    with translation.override(code):
        if _look_up(translation, msgid, context, plural) != msgid:
            return True
    # A translation may be equal to the message.
    catalogue = _load_catalogue(CATALOGUE_DOMAIN, code, folders)
    return catalogue is not None and bool(_look_up(catalogue, msgid, context, plural))


def _look_up(source, msgid: str, context: str | None, plural: str | None) -> str:
    """Return the translation that ``source`` has for a message.

    ``source`` is a catalogue, or Django's translation module.
    """
    arguments = [msgid] if context is None else [context, msgid]
    if plural is None:
        translate = source.gettext if context is None else source.pgettext
        return translate(*arguments)
    translate = source.ngettext if context is None else source.npgettext
    return translate(*arguments, plural, 1)


@cache
def _load_catalogue(
    domain: str, code: str, folders: tuple[Path, ...]
) -> gettext.GNUTranslations | None:
    """Return the compiled catalogue of a domain; None if no folder has one."""
    first = None
    for path in _find_files(domain, code, folders):
        with Path(path).open("rb") as stream:
            catalogue = gettext.GNUTranslations(stream)
        if first is None:
            first = catalogue
        else:
            first.add_fallback(catalogue)
    if first is not None:
        first.add_fallback(_NoMessage())
    return first


@cache
def _find_files(domain: str, code: str, folders: tuple[Path, ...]) -> list[str]:
    locale = translation.to_locale(code)
    paths = [gettext.find(domain, folder, [locale]) for folder in folders]
    return [path for path in paths if path]


def _get_folders() -> tuple[Path, ...]:
    """Return the folders of the catalogues as a cache key; tests change the setting."""
    return tuple(settings.LOCALE_PATHS)
