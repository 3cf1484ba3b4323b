"""Places and countries of a card."""

import re

import pytest

from tests.factories.conference import edition
from tests.factories.directory import country, place
from tests.factories.publishing import published
from tests.page_html import text_of

pytestmark = pytest.mark.django_db


def _locations(client, address: str) -> list[str]:
    meta = re.search(r'<p class="card__meta".*?</p>', text_of(client, address), re.S)
    return re.findall(r"<span[^>]*>\s*(.*?)\s*</span>", meta[0])


def test_card_names_a_city_state_once(client):
    singapore = published(country("SG", name_en="Singapore", name_zh_hans="新加坡"))
    city = place(country=singapore, name_en="Singapore", name_zh_hans="新加坡")
    published(edition(14, places=[city], host_country=singapore))

    assert _locations(client, "/en/conference/") == ["Singapore"]
    assert _locations(client, "/zh-hans/conference/") == ["新加坡"]


def test_card_names_a_place_and_its_country(client):
    vietnam = published(country("VN"))
    hanoi = place(country=vietnam, name_en="Hanoi")
    published(edition(13, places=[hanoi], host_country=vietnam))

    assert _locations(client, "/en/conference/") == ["Hanoi", vietnam.name_en]
