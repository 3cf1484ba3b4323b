"""In which language a message of the interface is shown.

Django falls back to English message by message where a catalogue has no translation, so
one page may have messages in two languages; those in English are marked as such.
``compile_catalogues`` writes the messages that a catalogue lacks as a second domain,
``missing``, in the folder of the compiled catalogue.
"""

import gettext
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation

from portal.languages import DEFAULT, Language
from portal.translations.shown import Shown, reader_language

CATALOGUE_DOMAIN = "django"
# Messages without a translation, each translated by itself, without their contexts.
MISSING_DOMAIN = "missing"


class _NoMessage(gettext.NullTranslations):
    """The fallback of a catalogue: an empty text for a message that is not in it."""

    def gettext(self, message):
        return ""

    def ngettext(self, msgid1, msgid2, n):
        return ""

    def pgettext(self, context, message):
        return ""

    def npgettext(self, context, msgid1, msgid2, n):
        return ""


def is_partly_english(language: Language) -> bool:
    """Whether the catalogue of ``language`` lacks messages, which are in English."""
    return bool(_files(MISSING_DOMAIN, language.code, _folders()))


def message_language(
    language: Language,
    msgid: str,
    *,
    context: str | None = None,
    plural: str | None = None,
) -> Language:
    """The language in which a reader of ``language`` is shown one message.

    ``msgid``, ``context`` and ``plural`` are those of the gettext call.
    """
    if language is DEFAULT:
        return language
    is_shown = _is_translated(language.code, msgid, context, plural, _folders())
    return language if is_shown else DEFAULT


def text_language(language: Language, text: str) -> Language:
    """The language of a text that gettext returned to a reader of ``language``.

    The text may begin with a capital letter that the message has not. Any text that is
    no message counts as one in the reader's language.
    """
    missing = _catalogue(MISSING_DOMAIN, language.code, _folders())
    if missing is None or not text:
        return language
    find = missing.gettext
    return DEFAULT if find(text) or find(text[0].lower() + text[1:]) else language


def interface_text(message: str, values: Mapping[str, object] | None = None) -> Shown:
    """A text of the interface in the active language, with the language it is in.

    ``message`` is what gettext returned, ``values`` are those of its placeholders
    (``%(name)s``).
    """
    reader, text = reader_language(), str(message)
    language = text_language(reader, text)
    if values is not None:
        text = text % values
    return Shown(text, language, is_fallback=language is not reader)


def whole_text(form: Callable[[], str], *messages: str) -> Shown:
    """The text that ``form`` makes of several messages, all of it in one language.

    ``messages`` are what gettext returned of each; if one of them is missing in the
    active language, the text is formed in English.
    """
    reader = reader_language()
    if all(text_language(reader, str(text)) is reader for text in messages):
        return Shown(form(), reader)
    with translation.override(DEFAULT.code):
        return Shown(form(), DEFAULT, is_fallback=True)


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
    # Some translations are spelled like the message.
    own = _catalogue(CATALOGUE_DOMAIN, code, folders)
    return own is not None and bool(_look_up(own, msgid, context, plural))


def _look_up(source, msgid: str, context: str | None, plural: str | None) -> str:
    """The message as ``source`` has it: a catalogue, or Django's translation module."""
    words = [msgid] if context is None else [context, msgid]
    if plural is None:
        find = source.gettext if context is None else source.pgettext
        return find(*words)
    find = source.ngettext if context is None else source.npgettext
    return find(*words, plural, 1)


@cache
def _catalogue(
    domain: str, code: str, folders: tuple[Path, ...]
) -> gettext.GNUTranslations | None:
    """The compiled catalogue of a domain; None if no folder has one."""
    first = None
    for path in _files(domain, code, folders):
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
def _files(domain: str, code: str, folders: tuple[Path, ...]) -> list[str]:
    locale = translation.to_locale(code)
    found = [gettext.find(domain, folder, [locale]) for folder in folders]
    return [path for path in found if path]


def _folders() -> tuple[Path, ...]:
    """The folders of the catalogues: tests compile other ones into other folders."""
    return tuple(settings.LOCALE_PATHS)
