"""Names that titles formed from facts contain, and the sentences around them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from babel.lists import format_list

from portal.core.languages import Language
from portal.core.translations.interface_language import interface_text, text_language
from portal.core.translations.locales import get_cldr_locale
from portal.core.translations.localized_text import LocalizedText, choose_localized_text


@dataclass(frozen=True)
class TitleNames:
    """The names of related rows that a title in ``language`` may contain.

    ``texts`` maps axis (``country``, ``organ``, ``place``, ``topic``) and key to the
    names by language code. Names in another language are never returned, so a title
    does not mix languages; traditional Chinese may be converted.
    """

    texts: Mapping[str, Mapping[str, Mapping[str, str | None]]]
    language: Language

    def get(self, axis: str, key: str) -> str:
        """Return the name of a row in the language of the title, "" without one."""
        texts = self.texts.get(axis, {}).get(key, {})
        name = choose_localized_text(texts, self.language)
        return name.text if name and not name.is_fallback else ""

    def get_list(self, axis: str, keys: Iterable[str]) -> list[str]:
        """Return the names of rows, [] if one of them has no name in the language."""
        names = [self.get(axis, key) for key in keys]
        return names if all(names) else []

    def join(self, names: list[str]) -> str:
        """Return names as a list in words: ``China and Viet Nam``."""
        return format_list(names, locale=get_cldr_locale(self.language))


def build_title(
    message: str, values: Mapping[str, object], *terms: str, language: Language
) -> LocalizedText:
    """Return a sentence of the interface as a title, with the language it is in.

    ``message`` and ``terms`` are results of gettext in ``language``, the active one;
    ``terms`` are those among ``values``. If one of them is not translated, the title is
    marked as a fallback, because it is partly English.
    """
    title = interface_text(message, values)
    if all(text_language(language, term) is language for term in terms):
        return title
    return replace(title, is_fallback=True)
