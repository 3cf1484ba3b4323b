"""Rows that samples refer to: three countries with places, and three topics."""

from tests.factories.directory import country, place, topic
from tests.factories.publishing import published_together


def create_countries() -> None:
    """Create the rows, and publish the countries."""
    cities = {"CN": "nanning", "VN": "ha-noi", "LA": "vientiane"}
    for row in published_together(*(country(iso2) for iso2 in cities)):
        place(cities[row.iso2], country=row)
    for key in ("cybercrime", "human-trafficking", "training"):
        topic(key)
