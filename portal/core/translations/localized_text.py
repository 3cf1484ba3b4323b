"""Choice of the language in which a text is shown, and its label.

The rule (docs/architecture.md, "Language fallback"): a text is shown in the reader's
language if it exists in it. Otherwise, for traditional Chinese, the simplified text is
converted and labelled as converted. Otherwise the text in the first fallback language
that has one is shown and labelled with its language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from portal.core.languages import (
    DEFAULT_LANGUAGE,
    LANGUAGES_BY_CODE,
    Language,
    language_for,
)
from portal.core.translations.conversion import to_traditional


@dataclass(frozen=True)
class LocalizedText:
    """Text with the language it is in.

    ``is_fallback``: not in the reader's language. ``is_converted``: traditional
    characters converted from the simplified text by OpenCC, not written by a person.
    ``is_formed``: a title that the portal formed from the facts of the record.
    """

    text: str
    language: Language
    is_fallback: bool = False
    is_converted: bool = False
    is_formed: bool = False

    def __str__(self):
        return self.text

    def __bool__(self):
        return bool(self.text)

    @property
    def tag(self) -> str:
        return self.language.tag


def get_active_language() -> Language:
    """Return the active language as a Language, English if there is none.

    Call this in views and other entry points only; other code takes the language as an
    argument.
    """
    return language_for(get_language() or "") or DEFAULT_LANGUAGE


def get_fallback_chain(language: Language) -> tuple[str, ...]:
    """Return the code of ``language`` and of its fallbacks, in order of preference."""
    return (language.code, *language.fallbacks)


def get_localized_columns(name: str, language: Language) -> list[str]:
    """Return the columns of the translated field ``name`` used for ``language``.

    The order is that of preference.
    """
    return [
        build_localized_fieldname(name, code) for code in get_fallback_chain(language)
    ]


def choose_localized_text(
    texts: Mapping[str, str | None], language: Language
) -> LocalizedText | None:
    """Return the text to show to a reader of ``language``, or None.

    ``texts`` maps language codes to texts. None if neither ``language`` nor its
    fallbacks have a text.
    """
    for code in get_fallback_chain(language):
        text = texts.get(code)
        if not text:
            continue
        if language.code == "zh-hant" and code == "zh-hans":
            return LocalizedText(to_traditional(text), language, is_converted=True)
        return LocalizedText(
            text, LANGUAGES_BY_CODE[code], is_fallback=code != language.code
        )
    return None


def get_native_text_fields(
    model: type[models.Model], name: str
) -> tuple[str, str] | None:
    """Return the fields with the native text of the field ``name`` and its language.

    A model declares them in ``native_texts``, which maps a translated field to the
    field with the same text in the row's own language and to the field with the BCP 47
    tag of that language. None if it declares none for ``name``.
    """
    return getattr(model, "native_texts", {}).get(name)


def with_native_text(
    texts: Mapping[str, str | None], native_text: str, tag: str
) -> Mapping[str, str | None]:
    """Return ``texts`` with ``native_text`` as the text in its language.

    ``texts`` maps language codes to texts; ``tag`` is the BCP 47 tag of the language of
    ``native_text``. A text that was written for that language is kept. Languages that
    the portal does not have are left out.
    """
    language = language_for(tag) if native_text and tag else None
    if language is None or texts.get(language.code):
        return texts
    return {**texts, language.code: native_text}


def get_texts(
    record: models.Model, name: str, codes: Iterable[str]
) -> Mapping[str, str | None]:
    """Return the texts of the translated field ``name`` by language code.

    ``codes`` are the languages whose columns are read. A native text of the field
    counts as the text in its own language, whether or not that is one of ``codes``.
    """
    texts = {
        code: getattr(record, build_localized_fieldname(name, code)) for code in codes
    }
    native_fields = get_native_text_fields(type(record), name)
    if native_fields is None:
        return texts
    text, tag = (getattr(record, field) for field in native_fields)
    return with_native_text(texts, text, tag)


def localized(
    record: models.Model, name: str, language: Language
) -> LocalizedText | None:
    """Return the text of the translated field ``name`` for ``language``, or None.

    Executes no query if the record was loaded with ``only_language(language)``.
    """
    texts = get_texts(record, name, get_fallback_chain(language))
    return choose_localized_text(texts, language)


def get_loaded_name(record: models.Model, name: str) -> str:
    """Return the text of the field ``name`` in the active language, or "".

    For ``__str__``: only loaded columns are used, so that no query is executed.
    """
    language, loaded = get_active_language(), vars(record)
    texts = {
        code: loaded.get(build_localized_fieldname(name, code))
        for code in get_fallback_chain(language)
    }
    if native_fields := get_native_text_fields(type(record), name):
        text, tag = (loaded.get(field, "") for field in native_fields)
        texts = with_native_text(texts, text, tag)
    localized_text = choose_localized_text(texts, language)
    return localized_text.text if localized_text else ""


def written_languages(record: models.Model, names: tuple[str, ...]) -> list[str]:
    """Return the codes of languages in which one of the fields ``names`` has a text."""
    texts = [get_texts(record, name, LANGUAGES_BY_CODE) for name in names]
    return [
        code
        for code in LANGUAGES_BY_CODE
        if any(texts_of_field.get(code) for texts_of_field in texts)
    ]
