"""Formed titles have no date where a card or a row shows the date beside them."""

import datetime as dt
import json
import re

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from modeltranslation.utils import build_localized_fieldname

from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.dates import format_period
from tests.factories.conference import document
from tests.factories.delegations import visit
from tests.factories.directory import country, organ, place
from tests.factories.exchanges import mechanism, meeting
from tests.factories.publishing import published, published_together
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.page_html import text_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 5, 2)
DATES = {"starts_on": DAY, "date_precision": "day"}


def names(text: str) -> dict[str, str]:
    """Return a name in each language."""
    return {
        build_localized_fieldname("name", language.code): f"{text}-{language.code}"
        for language in LANGUAGES
    }


@pytest.fixture
def records() -> dict:
    """Return one record of each kind, by the name of its list; titles are English."""
    china, vietnam = published_together(
        country("CN", **names("Ca")), country("VN", **names("Va"))
    )
    organs = published_together(
        organ("cn-spp", country=china), organ("vn-spp", country=vietnam)
    )
    border = published(mechanism("border", other_country=vietnam))
    records = {
        "delegations:visit-list": visit(
            "VIS-0001", from_country=vietnam, to_country=china, **DATES
        ),
        "seminars:list": seminar(
            "SEM-0001", places=[place("nanning", **names("Na"))], **DATES
        ),
        "exchanges:exchange-list": meeting(
            "MTG-0001", mechanism=border, other_country=vietnam, **DATES
        ),
        "conference:document-list": document(
            "DOC-0001",
            document_kind="mou",
            party_organs=organs,
            party_countries=[china, vietnam],
            signed_on=DAY,
            date_precision="day",
        ),
    }
    published_together(*records.values())
    return records


def test_cards_show_the_date_beside_a_title_without_it_in_all_languages(
    client, records
):
    with collect_failures() as failures:
        for language in LANGUAGES:
            date = format_period(DAY, None, "day", language)
            for list_name, record in records.items():
                with translation.override(language.code):
                    path, url = reverse(list_name), record.get_absolute_url()
                page = text_of(client, path)
                card = page.split('<li class="card">')[1].split("</li>")[0]
                title = client.get(url).context["page_title"]
                with failures.case(language.code, list_name):
                    assert strip_tags(card).count(date) == 1
                    assert date in card.split('<div class="card__body">')[0]
                    assert title.is_formed or language.code == "en"
                    assert title.is_formed == (date in title.text)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "updates/",
        "calendar/?month=2024-05",
        "countries/vn/",
        "exchanges/border/",
        "treaties/",
    ],
)
def test_pages_with_lists_do_not_repeat_the_date_in_titles(client, records, path):
    page = text_of(client, f"/th/{path}")

    date = format_period(DAY, None, "day", LANGUAGES_BY_CODE["th"])
    content = page.split("<main")[1].split("</main>")[0]
    assert f">{date}</time>" in content
    assert date not in strip_tags(re.sub(r"<time.*?</time>", "", content))


def test_titles_without_a_date_beside_them_stay_distinct(client, records):
    date = format_period(DAY, None, "day", LANGUAGES_BY_CODE["th"])
    feed = json.loads(client.get("/th/feed.json").content)
    titles = [item["title"] for item in feed["items"]]
    results = client.get("/th/search/?q=VIS-0001").context["cards"]
    titles += [result.card.title.text for result in results]
    titles += [
        client.get(f"/api/v1/{path}/?lang=th").json()["name"]
        for path in ("visits/VIS-0001", "meetings/MTG-0001", "documents/DOC-0001")
    ]

    assert len(titles) >= 8
    assert [title for title in titles if date not in title] == []


def test_written_title_keeps_its_date(client):
    published_together(country("CN"), country("VN"))
    published(visit("VIS-0001", title_en="Visit of 2 May 2024", **DATES))

    assert "Visit of 2 May 2024</a>" in text_of(client, "/en/delegations/")
