from portal.publishing.querysets import PublishableQuerySet
from portal.translations.querysets import TranslatedQuerySet


class CountryQuerySet(PublishableQuerySet):
    """Countries …"""

    def coded(self, code: str) -> "CountryQuerySet":
        """… with this ISO code, in capitals or not, as addresses write it."""
        return self.filter(iso2=code.upper())


class PlaceQuerySet(TranslatedQuerySet):
    """Places …"""

    def zone_of(self, keys: list[str]) -> str:
        """The time zone of the first of ``keys``; an event's times are shown in it.

        "" when nothing is on record of where it takes place.
        """
        if not keys:
            return ""
        return self.values_list("time_zone", flat=True).get(key=keys[0])
