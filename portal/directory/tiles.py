"""The countries side by side: tiles instead of a map with borders."""

from dataclasses import dataclass

from portal.directory.names import Names
from portal.languages import Language
from portal.translations.shown import Shown


@dataclass(frozen=True)
class Tile:
    iso2: str
    name: Shown
    url: str


def country_tiles(names: Names, language: Language) -> list[Tile]:
    """A tile for each country, in display order."""
    return [
        Tile(iso2, name, f"/{language.code}/countries/{iso2.lower()}/")
        for iso2, name in names.countries.items()
    ]
