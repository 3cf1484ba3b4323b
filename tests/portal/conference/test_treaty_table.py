"""Table of treaties, agreements and memoranda by country of their parties."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.conference.choices import DocumentKind
from tests.factories.conference import document, edition
from tests.factories.directory import any_country, country, organ
from tests.factories.publishing import published, published_together, withdrawn
from tests.page_html import missing_value, text_of

pytestmark = pytest.mark.django_db
URL = "/en/treaties/"


def treaty(code=None, **values):
    return document(code, **{"document_kind": DocumentKind.TREATY, **values})


def countries(*codes: str):
    return published_together(*(country(code) for code in codes))


def table(client, url=URL) -> dict[str, list[str]]:
    """Return the countries with a filled cell, by code of the document in the row."""
    context = client.get(url).context
    columns = [column.iso2 for column in context["columns"]]
    return {
        row["document"].code: [
            iso2
            for iso2, is_party in zip(columns, row["parties"], strict=True)
            if is_party
        ]
        for row in context["rows"]
    }


def test_rows_are_published_documents_with_parties(client):
    china, vietnam, laos = countries("CN", "VN", "LA")
    kinds = {
        f"DOC-{number:04}": kind for number, kind in enumerate(DocumentKind.values, 1)
    }
    published_together(
        *(
            document(code, document_kind=kind, party_countries=[china, vietnam])
            for code, kind in kinds.items()
        )
    )
    treaty("DOC-0007", party_countries=[china, laos])
    withdrawn(treaty("DOC-0008", party_countries=[china, laos]))

    assert table(client) == {
        code: ["CN", "VN"]
        for code, kind in reversed(kinds.items())
        if kind in ("treaty", "agreement", "mou")
    }
    assert "Lao PDR" not in text_of(client, URL)


def test_country_that_is_not_published_has_no_column(client):
    china, vietnam = countries("CN")[0], country("VN")
    published(treaty("DOC-0001", party_countries=[china, vietnam]))

    assert table(client) == {"DOC-0001": ["CN"]}
    assert "Viet Nam" not in text_of(client, URL)


def test_cell_shows_dates_as_exactly_as_on_record(client):
    china = countries("CN")[0]
    published(
        treaty(
            party_countries=[china],
            signed_on=dt.date(2014, 9, 1),
            date_precision="month",
            in_force_on=dt.date(2016, 1, 1),
            in_force_precision="year",
        )
    )

    html = text_of(client, URL)

    assert '<time datetime="2014-09">September 2014</time>' in html
    assert '<time datetime="2016">2016</time>' in html
    # Once in the cell of the table, once in the list for narrow screens.
    assert html.count("<time") == 4


def test_party_to_a_document_without_dates_is_marked(client):
    published(treaty(party_countries=[countries("CN")[0]]))

    assert missing_value("Date not known") in text_of(client, URL)


def test_document_without_parties_has_a_row(client):
    published(treaty("DOC-0001"))

    assert table(client) == {"DOC-0001": []}


def test_formed_title_is_that_of_the_page_of_the_document(client):
    china, vietnam = countries("CN", "VN")
    parties = [
        published(organ("cn-spp", country=china, name_vi="VKSND Tối cao Trung Quốc")),
        published(organ("vn-spp", country=vietnam, name_vi="VKSND Tối cao Việt Nam")),
    ]
    published(
        document(
            "DOC-0001",
            document_kind=DocumentKind.MOU,
            title_en="Memorandum",
            party_organs=parties,
            party_countries=[china, vietnam],
        )
    )

    row = client.get("/vi/treaties/").context["rows"][0]
    page = client.get("/vi/documents/DOC-0001/").context

    assert row["title"].is_formed
    assert "VKSND Tối cao Việt Nam" in row["title"].text
    assert row["title"] == page["page_title"]


def test_list_for_narrow_screens_has_the_parties_of_each_document(client):
    china, vietnam, laos = countries("CN", "VN", "LA")
    published(treaty("DOC-0001", party_countries=[china, laos]))
    published(treaty("DOC-0002", party_countries=[china, vietnam]))
    published(treaty("DOC-0003"))

    response = client.get(URL)

    assert {
        row["document"].code: [country.iso2 for country in row["countries"]]
        for row in response.context["rows"]
    } == {"DOC-0001": ["CN", "LA"], "DOC-0002": ["CN", "VN"], "DOC-0003": []}
    cards = response.content.decode().split('<li class="card">')[1:]
    links = {
        re.search(r"DOC-\d+", card)[0]: re.findall("/en/countries/(..)/", card)
        for card in cards
    }
    assert links == {"DOC-0001": ["cn", "la"], "DOC-0002": ["cn", "vn"], "DOC-0003": []}
    without_parties = next(card for card in cards if "DOC-0003" in card)
    assert missing_value("Not known") in without_parties


def test_newest_document_is_first_and_undated_ones_are_last(client):
    for code, year in {"DOC-0001": 1999, "DOC-0002": 2015}.items():
        date = dt.date(year, 1, 1)
        published(treaty(code, signed_on=date, date_precision="year"))
    published(treaty("DOC-0003"))

    assert list(table(client)) == ["DOC-0002", "DOC-0001", "DOC-0003"]


def test_long_table_has_pages(client):
    published_together(*(treaty() for _ in range(51)))

    assert [len(table(client, f"{URL}?page={n}")) for n in (1, 2)] == [50, 1]
    assert client.get(f"{URL}?page=3").status_code == 404


def test_empty_table_says_that_nothing_is_on_record(client):
    published(document())

    html = text_of(client, URL)

    assert "There is nothing here yet." in html
    assert "<table" not in html


def test_list_of_documents_links_to_the_table(client):
    assert f'href="{URL}"' in text_of(client, "/en/documents/")


def test_number_of_queries_does_not_grow(client):
    counts = []
    for number in (1, 2, 17):
        published_together(
            *(
                treaty(
                    edition=edition(),
                    party_countries=[any_country("CN"), any_country("VN")],
                )
                for _ in range(number)
            )
        )
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts
