"""Lists as CSV: ``/<lang>/<list>.csv``."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.website.views import list_csv
from tests.factories.conference import document, edition
from tests.factories.delegations import visit
from tests.factories.directory import country, place
from tests.factories.publishing import published, published_together
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db

LISTS = ("conference", "documents", "news", "seminars", "delegations", "exchanges")


def _rows(client, address: str) -> list[dict]:
    response = client.get(address)
    assert response.status_code == 200
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_row_describes_record(client):
    host, draft = country("VN"), country("LA")
    published(host)
    published(
        seminar(
            "SEM-0001",
            title_en="Seminar, on “evidence”",
            title_vi="Hội thảo",
            starts_on=dt.date(2025, 9, 22),
            ends_on=dt.date(2025, 9, 24),
            date_precision="day",
            state="held",
            participating_countries=[host, draft],
            places=[place("hanoi", name_en="Hanoi", name_vi="Hà Nội")],
        )
    )

    [english] = _rows(client, "/en/seminars.csv")
    [vietnamese] = _rows(client, "/vi/seminars.csv")
    [thai] = _rows(client, "/th/seminars.csv")

    assert english == {
        "code": "SEM-0001",
        "kind": "seminar",
        "title": "Seminar, on “evidence”",
        "title_language": "en",
        "date": "2025-09-22/2025-09-24",
        "date_precision": "day",
        "state": "held",
        "country_codes": "VN",
        "countries": host.name_en,
        "places": "Hanoi",
        "url": "http://testserver/en/seminars/SEM-0001/",
    }
    assert (vietnamese["title"], vietnamese["title_language"]) == ("Hội thảo", "vi")
    assert vietnamese["places"] == "Hà Nội"
    assert (thai["title"], thai["title_language"]) == (english["title"], "en")


def test_file_is_for_spreadsheet_programs(client):
    published(seminar("SEM-0001", title_en='=HYPERLINK("https://x.example")'))

    response = client.get("/th/seminars.csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Language"] == "th"
    name = 'attachment; filename="seminars-th.csv"'
    assert response["Content-Disposition"] == name
    assert response["ETag"]
    assert response.content.startswith(b"\xef\xbb\xbfcode,kind,title,")
    assert response.content.count(b"\r\n") == response.content.count(b"\n") == 2
    [row] = _rows(client, "/th/seminars.csv")
    assert row["title"].startswith("'=HYPERLINK")


def test_unchanged_file_is_not_sent_again(client):
    published(seminar("SEM-0001"))
    first = client.get("/en/seminars.csv")

    again = client.get("/en/seminars.csv", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_date_is_as_exact_as_known(client):
    days = {"starts_on": dt.date(2017, 9, 1)}
    published_together(
        visit("VIS-0001", **days, date_precision="month"),
        visit("VIS-0002", **days, date_precision="year"),
        visit("VIS-0003", starts_on=None, date_precision=""),
    )

    rows = {row["code"]: row for row in _rows(client, "/en/delegations.csv")}

    assert {
        code: (row["date"], row["date_precision"]) for code, row in rows.items()
    } == {
        "VIS-0001": ("2017-09", "month"),
        "VIS-0002": ("2017", "year"),
        "VIS-0003": ("", ""),
    }


def test_filters_and_order_are_those_of_list(client):
    published_together(
        *(edition(number) for number in (9, 10, 11)),
        document("DOC-0001", document_kind="treaty"),
        document("DOC-0002", document_kind="declaration"),
    )

    assert [row["code"] for row in _rows(client, "/en/conference.csv?page=7")] == [
        "11",
        "10",
        "9",
    ]
    treaties = _rows(client, "/en/documents.csv?kind=treaty&utm_source=x")
    assert [row["code"] for row in treaties] == ["DOC-0001"]
    assert _rows(client, "/en/documents.csv?kind=no-such-kind") == []


def test_sample_is_marked(client):
    published(seminar("SEM-0001", title_en="Evidence", is_sample=True))

    [row] = _rows(client, "/en/seminars.csv")

    assert row["title"] == "Example: Evidence"


def test_draft_is_not_in_file(client):
    seminar("SEM-0001")

    assert _rows(client, "/en/seminars.csv") == []


def test_number_of_rows_is_limited(client, monkeypatch):
    monkeypatch.setattr(list_csv, "COUNT_LIMIT", 2)
    published_together(*(seminar(f"SEM-000{number}") for number in (1, 2, 3)))

    assert len(_rows(client, "/en/seminars.csv")) == 2


def test_invalid_filter_is_explained(client):
    response = client.get("/en/seminars.csv?from=2025-02-30")

    assert response.status_code == 400
    assert response.content.startswith(b"from=2025-02-30: ")


def test_number_of_queries_does_not_depend_on_number_of_rows(client):
    counts = []
    for numbers in ((1,), (2, 3), range(4, 21)):
        published_together(
            *(
                seminar(f"SEM-{number:04}", places=[place(f"place-{number}")])
                for number in numbers
            )
        )
        with CaptureQueriesContext(connection) as queries:
            assert len(_rows(client, "/en/seminars.csv")) == max(numbers)
        counts.append(len(queries))

    assert len(set(counts)) == 1


def test_list_links_csv_and_calendar_with_filters(client):
    for name in LISTS:
        page = client.get(f"/km/{name}/?country=VN&page=1").content.decode()
        assert f'href="/km/{name}.csv?country=VN"' in page
        assert client.get(f"/km/{name}.csv?country=VN").status_code == 200

    seminars = client.get("/en/seminars/?country=VN&year=2018").content.decode()
    calendar = "testserver/en/calendar.ics?country=VN&amp;kind=seminar&amp;year=2018"
    assert f'href="webcal://{calendar}"' in seminars
    assert "your calendar app opens" in seminars
    documents = client.get("/en/documents/").content.decode()
    assert 'href="/en/documents.csv"' in documents
    assert "webcal:" not in documents


def test_calendar_page_links_calendar_but_no_csv(client):
    page = client.get("/en/calendar/").content.decode()

    assert 'href="webcal://testserver/en/calendar.ics"' in page
    assert ".csv" not in page.split("<main")[1].split("</main>")[0]


def test_other_spelling_of_address_redirects(client):
    for address in ("/en/seminars.csv/", "/EN/Seminars.csv", "/en/seminars.csv."):
        response = client.get(address)

        assert (response.status_code, response["Location"]) == (301, "/en/seminars.csv")
