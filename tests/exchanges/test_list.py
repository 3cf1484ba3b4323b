import datetime as dt

import pytest
from django.core.cache import cache

from exchanges.choices import MechanismState
from portal.content.publishing.choices import Precision
from tests.factories.directory import any_country, organ, place
from tests.factories.exchanges import (
    mechanism,
    meeting,
)
from tests.factories.publishing import published, published_together, withdrawn
from tests.page_html import missing_value, section_of, text_of

pytestmark = pytest.mark.django_db
LIST = "/en/exchanges/"


@pytest.fixture(autouse=True)
def countries():
    """Publish China and Viet Nam."""
    return [published(any_country("CN")), published(any_country("VN"))]


def test_list_query_count_is_constant(client, django_assert_num_queries):
    for number in (1, 2, 3):
        record = mechanism(f"sample-{number}")
        published_together(
            record,
            *(meeting(f"MTG-{number}{row:03}", mechanism=record) for row in range(3)),
            meeting(f"MTG-{number + 90:04}", places=[place()]),
        )
        cache.clear()
        with django_assert_num_queries(9):
            client.get(LIST)


def test_list_shows_meetings_under_their_mechanism(client):
    published(meeting("MTG-0001", mechanism=published(mechanism("first"))))
    published(meeting("MTG-0002", mechanism=published(mechanism("second"))))
    published(meeting("MTG-0003"))

    page = text_of(client, LIST)

    first, second = (
        section_of(page, "mechanism-first"),
        section_of(page, "mechanism-second"),
    )
    assert "MTG-0001" in first
    assert "MTG-0002" not in first
    assert "MTG-0002" in second
    assert "MTG-0003" in section_of(page, "others")
    assert "MTG-0001" not in section_of(page, "others")


def test_mechanism_without_meetings_says_none_on_record(client):
    published(mechanism("sample", state=MechanismState.ACTIVE))

    section = section_of(text_of(client, LIST), "mechanism-sample")

    assert missing_value("No meetings recorded yet.") in section
    assert "active" in section


def test_mechanism_on_first_page_mentions_meetings_listed_on_later_page(client):
    old = published(mechanism("sample"))
    day = {"date_precision": Precision.DAY}
    published(meeting("MTG-0001", mechanism=old, starts_on=dt.date(2001, 1, 1), **day))
    published_together(
        *(
            meeting(f"MTG-{number:04}", starts_on=dt.date(2020, 1, number), **day)
            for number in range(2, 22)
        )
    )

    first, second = text_of(client, LIST), text_of(client, f"{LIST}?page=2")

    own = section_of(first, "mechanism-sample")
    assert "See the mechanism's page for its meetings." in own
    assert "MTG-0001" in section_of(second, "mechanism-sample")


def test_list_respects_filters(client):
    laos = published(any_country("LA"))
    published(mechanism("of-laos", other_country=laos))
    of_viet_nam = published(mechanism("of-viet-nam", other_country=any_country("VN")))
    starts_on = dt.date(2019, 3, 4)
    published(
        meeting(
            "MTG-0001",
            mechanism=of_viet_nam,
            starts_on=starts_on,
            date_precision=Precision.DAY,
        )
    )

    of_laos = text_of(client, f"{LIST}?country=LA")
    of_2019 = text_of(client, f"{LIST}?year=2019")
    of_2018 = text_of(client, f"{LIST}?year=2018")

    assert "mechanism-of-laos" in of_laos
    assert "mechanism-of-viet-nam" not in of_laos
    assert "mechanism-of-viet-nam" in of_2019
    assert "mechanism-of-laos" not in of_2019
    assert "No results match these filters." in of_2018


def _countries(client, query: str = "") -> dict[str, int | None]:
    """Return the countries that the form offers, each with its number of meetings."""
    fields = client.get(f"{LIST}{query}").context["filter_fields"]
    options = {field.name: field.options for field in fields}["country"]
    return {option.value: option.count for option in options if option.value}


def test_countries_have_their_numbers_of_meetings(client):
    laos, myanmar = published(any_country("LA")), published(any_country("MM"))
    guangxi = published(organ("cn-gx", country=any_country("CN")))
    published(mechanism("of-laos", other_country=laos, side_a_organs=[guangxi]))
    mechanism("draft", other_country=myanmar)
    day = {"starts_on": dt.date(2019, 3, 4), "date_precision": Precision.DAY}
    for number in (1, 2):
        published(meeting(f"MTG-000{number}", other_country=any_country("VN"), **day))

    offered = {"CN": None, "VN": 2, "LA": None}
    assert _countries(client) == offered
    assert _countries(client, "?country=LA") == offered
    # Only with no filter but a country are there mechanisms in the list.
    assert _countries(client, "?year=2019") == {"VN": 2}


def test_list_never_shows_a_draft_or_a_withdrawn_mechanism(client):
    draft = mechanism("draft", name_en="Sample draft")
    published(meeting("MTG-0001", mechanism=draft))
    withdrawn(mechanism("withdrawn", name_en="Sample that was taken back"))

    page = text_of(client, LIST)

    assert "Sample draft" not in page
    assert "Sample that was taken back" not in page
    assert "MTG-0001" in section_of(page, "others")
