"""Rows that samples refer to: three countries with places, and three topics."""

import pytest

from tests.factories.directory import country, place, topic
from tests.factories.publishing import published_together


def create_lands() -> None:
    cities = {"CN": "nanning", "VN": "ha-noi", "LA": "vientiane"}
    for land in published_together(*(country(iso2) for iso2 in cities)):
        place(cities[land.iso2], country=land)
    for key in ("cybercrime", "human-trafficking", "training"):
        topic(key)


@pytest.fixture
def lands(db):
    create_lands()
