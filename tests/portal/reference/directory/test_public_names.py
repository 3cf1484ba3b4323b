"""Topics, places, countries and parties are public while published records use them."""

import io

import pytest
from django.core.cache import cache
from pypdf import PdfReader

from portal.content.publishing import operations
from tests.factories.conference import article, edition
from tests.factories.directory import country, party, place, topic
from tests.factories.publishing import AT, actor, published
from tests.project.kind_factories import publish_each_kind
from tests.project.url_table import PUBLIC, opened

pytestmark = pytest.mark.django_db
MARK = "Unused"
LANGUAGES = ("en", "zh-hans")


@pytest.fixture
def url_values() -> dict[str, str]:
    """Publish one record of each kind; return values for the example URLs."""
    return publish_each_kind()


def names(topic_name="topic", **values) -> dict[str, list]:
    """Create a topic, place and party named with MARK; return fields of an edition."""
    texts = {"name_en": f"{MARK} name", "name_zh_hans": f"{MARK} 名称"}
    return {
        "topics": [topic(f"unused-{topic_name}", **texts)],
        "places": [place(f"unused-{topic_name}", name_local=f"{MARK} local", **texts)],
        "host_parties": [party(f"{MARK} Ministry {topic_name}")],
        **values,
    }


def addresses_of(url_values: dict[str, str], first_language: int) -> list[str]:
    """Return each public address in one of the languages, which take turns."""
    addresses = []
    for number, row in enumerate(PUBLIC.values(), first_language):
        language = LANGUAGES[number % len(LANGUAGES)]
        address = row.example.format(**url_values).replace("/en/", f"/{language}/", 1)
        if address.startswith("/api/v1/") and "?" not in address:
            address += f"?lang={language}"
        addresses.append(address)
    return addresses


def showing(client, addresses) -> set[str]:
    """Return the addresses whose response contains MARK."""
    showing_mark = set()
    for address in addresses:
        cache.clear()
        if MARK in body_of(opened(client, address)):
            showing_mark.add(address)
    return showing_mark


def body_of(response) -> str:
    if response["Content-Type"] == "application/pdf":
        pages = PdfReader(io.BytesIO(response.body)).pages
        return "".join(page.extract_text() for page in pages)
    return response.body.decode(errors="ignore")


def options(client, address: str, parameter: str) -> list[str]:
    """Return the option values of the filter ``parameter`` on a page, [] without it."""
    cache.clear()
    page = client.get(address).content.decode()
    if f'name="{parameter}"' not in page:
        return []
    select = page.split(f'name="{parameter}"')[1].split("</select>")[0]
    return [part.split('"')[0] for part in select.split('<option value="')[1:]]


def test_names_are_public_only_while_a_published_record_uses_them(client, url_values):
    """Each address is read in one language before and in the other afterwards.

    All texts of the names contain MARK, so a language cannot hide a use of them.
    """
    rows = names(number=77)
    draft = edition(**rows)
    names("other")  # not used by any record
    country("QQ", name_en=f"{MARK} country", name_zh_hans=f"{MARK} 国家")

    assert showing(client, addresses_of(url_values, 0)) == set()

    published(draft)
    public = {
        "/en/conference/",
        "/en/conference/77/",
        "/zh-hans/calendar/?month=2024-05",
        "/en/calendar/?month=2024-05",
        "/api/v1/editions/77/?lang=en",
    }
    assert showing(client, public) == public

    operations.withdraw(draft, by=actor(), at=AT, version=None)
    assert showing(client, addresses_of(url_values, 1)) == set()


def test_topic_filter_offers_topics_of_published_records_only(client):
    addresses = ("/en/news/", "/en/seminars/", "/en/delegations/", "/en/calendar/")
    record = article("sample", topics=[topic("used")])
    topic("unused")

    def offered() -> dict[str, tuple[str, ...]]:
        return {
            address: tuple(options(client, address, "topic")) for address in addresses
        }

    # A list has no options that lead to an empty list; the calendar counts nothing.
    none = dict.fromkeys(addresses, ())
    assert offered() == none
    published(record)
    used = ("", "used")
    assert offered() == none | {"/en/news/": used, "/en/calendar/": used}
    operations.withdraw(record, by=actor(), at=AT, version=None)
    assert offered() == none


def test_country_filter_offers_countries_that_other_records_carry(client):
    addresses = ("/en/news/", "/en/seminars/", "/en/calendar/", "/en/figures/")
    thailand, laos = published(country("TH")), published(country("LA"))
    record = article("sample", countries=[thailand])
    country("VN")  # a draft

    def offered(query: str = "") -> dict[str, tuple[str, ...]]:
        return {
            address: tuple(sorted(options(client, f"{address}{query}", "country")))
            for address in addresses
        }

    none = dict.fromkeys(addresses, ()) | {"/en/figures/": ("",)}
    assert offered() == none
    published(record)
    used = dict.fromkeys(addresses, ("", "TH")) | {"/en/seminars/": ()}
    assert offered() == used
    # The form keeps the country of the query and adds it as an option.
    of_laos = offered(f"?country={laos.iso2}")
    assert of_laos == dict.fromkeys(addresses, ("", "LA", "TH")) | {
        "/en/seminars/": ("", "LA")
    }
