import datetime as dt

import pytest

from portal.catalogue.models import Entry
from tests.factories.directory import country, organ, place
from tests.factories.figures import reported_figure
from tests.factories.publishing import published, withdrawn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("as_of", "precision", "iso", "last_day"),
    [
        (dt.date(2018, 12, 31), "year", "2018", dt.date(2018, 12, 31)),
        (dt.date(2018, 6, 30), "month", "2018-06", dt.date(2018, 6, 30)),
        (dt.date(2019, 3, 15), "day", "2019-03-15", dt.date(2019, 3, 15)),
    ],
)
def test_total_counts_up_to_the_last_day_of_its_period(as_of, precision, iso, last_day):
    figure = published(reported_figure(as_of=as_of, precision=precision))

    entry = Entry.objects.get()
    assert figure.period.iso == entry.period.iso == iso
    assert figure.period.last_day == entry.last_on == last_day


def test_figure_has_no_page_of_its_own():
    published(reported_figure())

    entry = Entry.objects.get()
    assert entry.path == ""
    assert entry.texts.get().summary == "Seven sample seminars by the end of 2018."


def test_figure_is_found_by_search_with_a_name_and_a_way_to_it(client):
    published(reported_figure("seminars-held", subject="seminars"))

    found = client.get("/en/search/", {"q": "seven sample"}).content.decode()

    way = "/en/figures/?as_of=2018-12-31#reported"
    assert f'<a href="{way}" lang="en">Reported total: seminars</a>' in found
    assert "seminars-held" not in found
    page = client.get(way).content.decode()
    assert 'id="reported"' in page
    assert "Seven sample seminars by the end of 2018." in page


def test_figure_is_told_by_the_api(client):
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

    (told,) = body["results"]
    assert told["key"] == "held"
    assert (told["value"], told["qualifier"]) == (None, "a-number-of")
    assert (told["as_of"], told["precision"]) == ("2018-12-31", "year")
    assert told["country"] == "VN"
    assert [link["key"] for link in told["organs"]] == ["cn-gx-base"]
    assert [link["name"] for link in told["places"]] == ["Nanning"]
    assert (told["text"], told["fallback"]) == ("若干期", {"text": "zh-Hans"})


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
def test_figures_are_filtered(client, query, keys):
    published(country("LA"))
    published(reported_figure("a"))
    published(
        reported_figure(
            "b", subject="training", as_of=dt.date(2019, 3, 15), precision="day"
        )
    )

    body = client.get("/api/v1/figures/", query).json()

    assert [told["key"] for told in body["results"]] == keys
