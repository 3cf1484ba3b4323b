import datetime as dt

import pytest

from portal.content.catalogue.models import Entry
from tests.factories.directory import country, organ, place
from tests.factories.figures import reported_figure
from tests.factories.publishing import published, published_together, withdrawn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("as_of", "precision", "iso", "last_day"),
    [
        (dt.date(2018, 12, 31), "year", "2018", dt.date(2018, 12, 31)),
        (dt.date(2018, 6, 30), "month", "2018-06", dt.date(2018, 6, 30)),
        (dt.date(2019, 3, 15), "day", "2019-03-15", dt.date(2019, 3, 15)),
    ],
)
def test_reported_total_period_ends_on_last_day(as_of, precision, iso, last_day):
    figure = published(reported_figure(as_of=as_of, precision=precision))

    entry = Entry.objects.get()
    assert figure.period.iso == entry.period.iso == iso
    assert figure.period.last_day == entry.last_on == last_day


def test_reported_figure_has_no_detail_page():
    published(reported_figure())

    entry = Entry.objects.get()
    assert entry.path == ""
    assert entry.texts.get().summary == "Seven sample seminars by the end of 2018."


def test_reported_figure_is_searchable_with_name_and_link(client):
    published(reported_figure("seminars-held", subject="seminars"))

    results = client.get("/en/search/", {"q": "seven sample"}).content.decode()

    link = "/en/figures/?as_of=2018-12-31#reported"
    assert f'<a href="{link}" lang="en">Reported figure: seminars (2018)</a>' in results
    assert "seminars-held" not in results
    page = client.get(link).content.decode()
    assert 'id="reported"' in page
    assert "Seven sample seminars by the end of 2018." in page


def test_titles_of_figures_on_one_subject_name_country_and_date(client):
    published_together(
        reported_figure("one", country=published(country("VN")), text_en="Sample one."),
        reported_figure("two", text_en="Sample two."),
        reported_figure(
            "three",
            as_of=dt.date(2025, 3, 31),
            precision="month",
            text_en="Sample three.",
        ),
    )

    results = client.get("/api/v1/search/?q=sample&lang=en").json()["results"]

    assert {result["code"]: result["title"] for result in results} == {
        "one": "Reported figure: seminars (Viet Nam, 2018)",
        "two": "Reported figure: seminars (2018)",
        "three": "Reported figure: seminars (March 2025)",
    }


def test_reported_figure_is_in_api(client):
    vietnam = published(country("VN"))
    base = published(organ("cn-gx-base", name_en="Base"))
    nanning = place("nanning", name_en="Nanning")
    published(
        reported_figure(
            "held",
            value=None,
            qualifier="a-number-of",
            country=vietnam,
            organs=[base],
            places=[nanning],
            text_en="",
            text_zh_hans="若干期",
        )
    )
    reported_figure("draft")
    withdrawn(reported_figure("gone"))

    body = client.get("/api/v1/figures/", {"lang": "en"}).json()

    (figure,) = body["results"]
    assert figure["key"] == "held"
    assert (figure["value"], figure["qualifier"]) == (None, "a-number-of")
    assert (figure["as_of"], figure["precision"]) == ("2018-12-31", "year")
    assert figure["country"] == "VN"
    assert [link["key"] for link in figure["organs"]] == ["cn-gx-base"]
    assert [link["name"] for link in figure["places"]] == ["Nanning"]
    assert (figure["text"], figure["fallback"]) == ("若干期", {"text": "zh-Hans"})


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({"kind": "seminars"}, ["a"]),
        ({"kind": "training"}, ["b"]),
        ({"as_of": "2018-12-31"}, ["a"]),
        ({"year": "2019"}, ["b"]),
        ({"country": "LA"}, []),
    ],
)
def test_reported_figures_respect_filters(client, query, keys):
    published(country("LA"))
    published(reported_figure("a"))
    published(
        reported_figure(
            "b", subject="training", as_of=dt.date(2019, 3, 15), precision="day"
        )
    )

    body = client.get("/api/v1/figures/", query).json()

    assert [figure["key"] for figure in body["results"]] == keys
