"""Which language a text is shown in, and the mark it carries when it is another one.

The rule (docs/architecture.md, "Honest fallback"): what is written in the reader's
language; for traditional Chinese else a conversion from the simplified text, labelled
as converted; else the first of the language's fallbacks in which it is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from portal.languages import BY_CODE, DEFAULT, Language, language_for
from portal.translations.conversion import to_traditional


@dataclass(frozen=True)
class Shown:
    """A text and the language it is really in.

    ``is_fallback``: another language than the reader's. ``is_converted``: traditional
    characters made from the simplified text by OpenCC, not written by a person.
    """

    text: str
    language: Language
    is_fallback: bool = False
    is_converted: bool = False

    def __str__(self):
        return self.text

    def __bool__(self):
        return bool(self.text)

    @property
    def tag(self) -> str:
        return self.language.tag


def reader_language() -> Language:
    """The language active for this reader, as a Language; for doors only."""
    return language_for(get_language() or "") or DEFAULT


def languages_read(language: Language) -> tuple[str, ...]:
    """The codes tried for a reader of ``language``, in order."""
    return (language.code, *language.fallbacks)


def columns_read(name: str, language: Language) -> list[str]:
    """The columns of the translated field ``name`` that a reader may be shown."""
    return [build_localized_fieldname(name, code) for code in languages_read(language)]


def choose(texts: Mapping[str, str | None], language: Language) -> Shown | None:
    """What a reader of ``language`` is shown of ``texts`` (language code → text).

    None when no language that this reader is shown has a text.
    """
    for code in languages_read(language):
        text = texts.get(code)
        if not text:
            continue
        if language.code == "zh-hant" and code == "zh-hans":
            return Shown(to_traditional(text), language, is_converted=True)
        return Shown(text, BY_CODE[code], is_fallback=code != language.code)
    return None


def names_in(
    language: Language, names: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """By key, what a reader of ``language`` is shown of ``names``, if anything.

    ``names`` maps a key to the texts by language code.
    """
    found = {key: choose(texts, language) for key, texts in names.items()}
    return {key: name.text for key, name in found.items() if name}


def shown(record: models.Model, name: str, language: Language) -> Shown | None:
    """What a reader of ``language`` is shown of the translated field ``name``.

    Reads only loaded columns when the record came through ``in_language(language)``.
    """
    texts = {
        code: getattr(record, build_localized_fieldname(name, code))
        for code in languages_read(language)
    }
    return choose(texts, language)


def name_loaded(record: models.Model, name: str) -> str:
    """What the reader of this moment is shown of the translated field ``name``, or "".

    For ``__str__``: only columns that are loaded count, for a name asks for nothing.
    """
    language, loaded = reader_language(), vars(record)
    texts = {
        code: loaded.get(build_localized_fieldname(name, code))
        for code in languages_read(language)
    }
    found = choose(texts, language)
    return found.text if found else ""


def written_languages(record: models.Model, names: tuple[str, ...]) -> list[str]:
    """Codes of the languages in which any of the fields ``names`` has a text."""
    return [
        code
        for code in BY_CODE
        if any(getattr(record, build_localized_fieldname(name, code)) for name in names)
    ]
