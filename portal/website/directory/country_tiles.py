"""Tiles of all countries, used instead of a map with borders."""

from dataclasses import dataclass

from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText
from portal.reference.directory.localized_names import DisplayNames


@dataclass(frozen=True)
class CountryTile:
    iso2: str
    name: LocalizedText
    url: str


def build_country_tiles(names: DisplayNames, language: Language) -> list[CountryTile]:
    """Build a tile for each published country, in display order."""
    return [
        CountryTile(iso2, name, f"/{language.code}/countries/{iso2.lower()}/")
        for iso2, name in names.countries.items()
    ]
