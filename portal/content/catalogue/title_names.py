"""Names that titles formed from facts contain, and the sentences around them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from portal.core.languages import Language
from portal.core.translations.dates import format_iso_date
from portal.core.translations.interface_language import interface_text, text_language
from portal.core.translations.lists import join_details, join_headings, join_names
from portal.core.translations.localized_text import LocalizedText, choose_localized_text


@dataclass(frozen=True)
class TitleNames:
    """The names of related rows that a title in ``language`` may contain.

    ``texts`` maps axis (``country``, ``organ``, ``place``, ``topic``) and key to the
    names by language code. Names in another language are never returned, so a title
    does not mix languages; traditional Chinese may be converted. ``with_date`` is False
    for titles that are shown beside the date of the record.
    """

    texts: Mapping[str, Mapping[str, Mapping[str, str | None]]]
    language: Language
    with_date: bool = True

    def get(self, axis: str, key: str) -> str:
        """Return the name of a row in the language of the title, "" without one."""
        texts = self.texts.get(axis, {}).get(key, {})
        name = choose_localized_text(texts, self.language)
        return name.text if name and not name.is_fallback else ""

    def get_side(self, area: str, country: str, *, with_country: bool = True) -> str:
        """Return the name of an area, or of the country if ``area`` is empty.

        An area has its country in brackets, ``Guangxi (China)``, unless
        ``with_country`` is False. "" without a name in the language.
        """
        if not area:
            return self.get("country", country)
        names = {
            "area": self.get("place", area),
            "country": self.get("country", country),
        }
        if not with_country or not all(names.values()):
            return names["area"]
        return _("%(area)s (%(country)s)") % names

    def get_sides(self, sides: Iterable[tuple[str, str]]) -> list[str]:
        """Return the names of sides, which are pairs of area and country.

        Areas have their country only if another side is a whole country. [] if one of
        the sides has no name in the language.
        """
        sides = list(sides)
        with_country = not all(area for area, _country in sides)
        names = [
            self.get_side(area, country, with_country=with_country)
            for area, country in sides
        ]
        return names if all(names) else []

    def get_list(self, axis: str, keys: Iterable[str]) -> list[str]:
        """Return the names of rows, [] if one of them has no name in the language."""
        names = [self.get(axis, key) for key in keys]
        return names if all(names) else []

    def join(self, names: list[str]) -> str:
        """Return names as a list in words: ``China and Viet Nam``."""
        return join_names(names, self.language)

    def join_topics(self, names: list[str]) -> str:
        """Return names of topics as a list: ``Corruption; Money laundering``."""
        return join_headings(names, self.language)


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


def add_details(
    title: LocalizedText, names: TitleNames, *, date: str = "", place: str = ""
) -> LocalizedText:
    """Return a title with its place and date: ``Seminar: Corruption (Nanning, 2019)``.

    ``title`` is the result of :func:`build_title` in the language of ``names``, the
    active one, and ``date`` a period in ISO 8601, which is left out if ``names`` says
    so. A title reads alike with and without them.
    """
    language = names.language
    details = [place] if place else []
    if date and names.with_date:
        details.append(format_iso_date(date, language))
    if not details:
        return title
    values = {"title": title.text, "detail": join_details(details, language)}
    detailed = interface_text(_("%(title)s (%(detail)s)"), values)
    return replace(detailed, is_fallback=title.is_fallback or detailed.is_fallback)
