import pytest

from tests.factories.directory import country, place, topic
from tests.factories.publishing import published


@pytest.fixture
def lands():
    """Create rows that samples refer to: three countries with places, three topics."""
    for iso2, city in {"CN": "nanning", "VN": "ha-noi", "LA": "vientiane"}.items():
        place(city, country=published(country(iso2)))
    for key in ("cybercrime", "human-trafficking", "training"):
        topic(key)
