"""Statistics page, its spreadsheet, and the totals on the home page."""

import csv
import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from portal.content.figures.cells import Cell, Figure
from portal.content.figures.counting import count_figures
from portal.content.figures.csv_export import render_figures_csv
from portal.content.figures.query import FigureQuery
from portal.content.figures.registry import Indicator
from portal.content.figures.tables import table_by_year
from portal.core.languages import LANGUAGES_BY_CODE
from tests.factories.conference import document
from tests.factories.directory import country
from tests.factories.figures import reported_figure
from tests.factories.publishing import (
    evidence_only_host,
    published,
    source,
    withdrawn,
)
from tests.factories.seminars import seminar
from tests.page_html import section_of, text_of

pytestmark = pytest.mark.django_db

DAY = dt.date(2018, 12, 31)
ON_DAY = {"starts_on": DAY, "date_precision": "day"}
PAGE = "/en/figures/?as_of=2018-12-31"


def test_reported_2018_totals_are_shown_next_to_counts(client):
    call_command("load_record")

    page = text_of(client, PAGE)

    reported = section_of(page, "reported")
    assert "had held seven seminars for senior prosecutors" in reported
    assert "were for senior prosecutors of six ASEAN member countries" in reported
    assert "delegations of eight ASEAN member countries had visited" in reported
    assert reported.count('rel="external noopener noreferrer"') == 5
    # Only two of the seven reported seminars have a record of their own.
    context = client.get(PAGE).context
    assert {cell.indicator.code: cell.value for cell in context["totals"]} == {
        "editions": 9,
        "documents": 22,
        "seminars": 2,
        "seminar-participants": 6,
        "visits-in": 8,
        "visits-out": 0,
        "border-meetings": 2,
    }
    assert [item["figure"].value for item in context["reported"]] == [
        8,
        7,
        6,
        None,
        None,
    ]


def test_reported_totals_respect_as_of_date(client):
    published(reported_figure("before", text_en="Told before."))
    published(
        reported_figure(
            "after",
            as_of=dt.date(2019, 1, 1),
            precision="day",
            text_en="Told after.",
        )
    )
    reported_figure("draft", text_en="Told by a draft.")
    withdrawn(reported_figure("gone", text_en="Told and taken back."))

    page = text_of(client, PAGE)

    assert re.findall(r"Told \w+", page) == ["Told before"]


def test_reported_totals_respect_country_and_year_filters(client):
    vietnam, laos = published(country("VN")), published(country("LA"))
    published(reported_figure("a", country=vietnam))
    published(reported_figure("b", country=laos))
    published(reported_figure("c", country=vietnam, as_of=dt.date(2017, 12, 31)))

    context = client.get(f"{PAGE}&country=vn&year=2018").context

    assert [item["figure"].key for item in context["reported"]] == ["a"]
    assert str(context["reported"][0]["country"]) == "Viet Nam"


def test_evidence_only_source_is_not_linked(client):
    evidence_only_host("copies.example")
    figure = published(reported_figure())
    source(figure, "https://copies.example/1")
    source(figure, "https://example.org/2", position=1)

    reported = section_of(text_of(client, PAGE), "reported")

    assert re.findall(r'<a href="(https[^"]+)"', reported) == ["https://example.org/2"]
    assert "copies.example" in reported


def test_count_links_to_list_and_undated_count_to_undated_list(client):
    published(seminar(**ON_DAY))
    published(seminar())

    counted = section_of(text_of(client, PAGE), "counted")

    query = "scope=prosecutors&amp;done=yes"
    assert f'href="/en/seminars/?{query}&amp;as_of=2018-12-31"' in counted
    assert f'href="/en/seminars/?{query}&amp;dated=no"' in counted
    assert "1 more with no known date" in counted


def test_every_number_has_its_definition_on_the_page(client):
    page = text_of(client, PAGE)

    links = re.findall(r'href="#(definition-[a-z-]+)"', page)
    assert links == re.findall(r'id="(definition-[a-z-]+)"', page)
    assert len(links) == 7


def test_as_of_defaults_to_today(client):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    published(seminar(starts_on=timezone.localdate(), date_precision="day"))
    published(seminar(starts_on=tomorrow, date_precision="day"))

    today = client.get("/en/figures/").context
    later = client.get("/en/figures/", {"as_of": tomorrow.isoformat()}).context

    assert (today["query"].as_of, today["is_future"]) == (timezone.localdate(), False)
    assert (today["totals"][2].value, later["totals"][2].value) == (1, 2)
    assert later["is_future"]


def test_filter_form_keeps_text_size(client):
    hidden = '<input name="text" type="hidden" value="large">'
    form = '<form class="filters filters__form" method="get">'

    assert f"{form} {hidden}" in text_of(client, "/en/figures/?text=large")
    assert f"{form} {hidden}" not in text_of(client, "/en/figures/")


def test_charts_have_accessible_name_and_table(client):
    for year in (2014, 2016):
        published(seminar(starts_on=dt.date(year, 5, 6), date_precision="day"))

    section = section_of(text_of(client, PAGE), "by-year")

    (picture,) = re.findall(r"<svg.*?</svg>", section)
    assert (
        'role="img" aria-labelledby="year-seminars-title year-seminars-desc"' in picture
    )
    assert '<title id="year-seminars-title">Seminars by year</title>' in picture
    assert "Bar chart from 2014 to 2016. The highest value is 1, in 2014." in picture
    assert picture.count('class="chart__bar"') == 2
    assert re.findall(r'<th scope="row"\s*>(\d+)</th>', section) == ["2016", "2014"]


def test_types_in_tables_begin_with_a_capital(client):
    signed = {"signed_on": dt.date(2016, 1, 1), "date_precision": "day"}
    published(document(document_kind="treaty", **signed))

    section = section_of(text_of(client, PAGE), "by-kind-documents")

    assert re.findall(r'<th scope="row"\s*>([^<]+)</th>', section) == ["Treaty"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "2018"), ("zh-hans", "2018年"), ("th", "พ.ศ. 2561 (ค.ศ. 2018)")],
)
def test_years_are_localized(language, expected):
    published(seminar(**ON_DAY))
    figures = count_figures(FigureQuery(DAY), countries=[])

    table = table_by_year(figures, LANGUAGES_BY_CODE[language])

    assert [row.label for row in table.rows] == [expected]


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("as_of=2018-02-30", "This date does not exist. Check the month and the day."),
        ("year=1899", "Enter a year from 1900 to 2100."),
    ],
)
def test_impossible_value_shows_all_figures_with_the_error(client, query, remedy):
    published(seminar(**ON_DAY))
    name, value = query.split("=")

    response = client.get(f"/en/figures/?{query}&country=ZZ&text=large")
    sheet = client.get(f"/en/figures.csv?{query}")

    html = " ".join(response.content.decode().split())
    assert response.status_code == 400
    assert f'id="filter-{name}-error">{remedy}</p>' in html
    assert f'value="{value}" aria-invalid="true"' in html
    assert f'aria-describedby="filter-{name}-error"' in html
    assert '<option value="ZZ" selected>' in html
    assert '<meta name="robots" content="noindex">' in html
    assert response.context["totals"][2].value == 1
    assert (sheet.status_code, sheet["Content-Type"]) == (
        400,
        "text/plain; charset=utf-8",
    )
    assert sheet.content.decode() == f"{name}={value}: {remedy}\n"


@pytest.mark.parametrize(
    "query",
    [
        "year=18",
        "country=%00",
        "as_of=%F0%28%8C%28",
        f"as_of={'9' * 10_000}",
        "from=singlemessage&utm_source=x",
    ],
)
def test_malformed_value_counts_as_not_given(client, query):
    published(seminar(**ON_DAY))

    for address in ("figures/", "figures.csv"):
        plain, response = (
            client.get(f"/en/{address}{tail}") for tail in ("", f"?{query}")
        )
        assert response.status_code == 200
        if address == "figures.csv":
            assert response.content == plain.content
        else:
            assert response.context["query"] == plain.context["query"]


def test_last_of_a_repeated_parameter_counts(client):
    query = client.get("/en/figures/?year=2017&year=2018").context["query"]

    assert query.year == 2018


def test_figures_of_a_country_that_is_not_public_are_those_of_none(client):
    hidden = country("VN")
    published(country("LA"))
    published(seminar(participating_countries=[hidden], **ON_DAY))
    published(reported_figure("a", country=hidden))

    for code in ("VN", "ZZ"):
        page = client.get(f"/en/figures/?country={code}")
        sheet = client.get(f"/en/figures.csv?country={code}").content.decode()
        assert page.status_code == 200
        message = f"Country: “{code}” is not an option."
        assert message in page.content.decode()
        assert {cell.value + cell.undated for cell in page.context["totals"]} == {0}
        assert page.context["reported"] == []
        rows = list(csv.DictReader(sheet.removeprefix("\ufeff").splitlines()))
        assert {(row["group"], row["value"]) for row in rows} == {("overall", "0")}
        api = client.get(f"/api/v1/figures/counted/?country={code}")
        assert api.status_code == 400
    assert client.get("/en/figures/?country=la").status_code == 200


def test_api_rejects_unknown_parameters(client):
    problem = client.get("/api/v1/figures/counted/?as-of=2018").json()

    assert (problem["status"], problem["parameter"]) == (400, "as-of")


def test_csv_opens_in_spreadsheet_programs(client):
    published(seminar(**ON_DAY))

    response = client.get("/en/figures.csv?as_of=2018-12-31")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    name = 'attachment; filename="figures-2018-12-31.csv"'
    assert response["Content-Disposition"] == name
    assert response.content.startswith(b"\xef\xbb\xbfcode,label,definition,group,key,")
    assert b"\r\n" in response.content
    rows = list(csv.DictReader(response.content.decode("utf-8-sig").splitlines()))
    (row,) = [r for r in rows if (r["code"], r["group"]) == ("seminars", "year")]
    assert (row["key"], row["value"], row["undated"]) == ("2018", "1", "")
    assert row["list"] == (
        "http://testserver/en/seminars/"
        "?scope=prosecutors&done=yes&as_of=2018-12-31&year=2018"
    )


def test_csv_escapes_formulas():
    fact = Indicator("code", "=cmd()", "+1", "seminar")
    total = Cell(fact, FigureQuery(DAY))

    text = render_figures_csv(
        [Figure(fact, total)], lambda address: f"@{address}"
    ).decode()

    row = next(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    assert (row["label"], row["definition"]) == ("'=cmd()", "'+1")
    assert (row["list"][:2], row["api"][:2]) == ("'@", "'@")


def test_home_shows_nonzero_totals(client):
    published(seminar(**ON_DAY))
    published(document(signed_on=DAY, date_precision="day"))

    page = text_of(client, "/en/")

    band = section_of(page, "in-figures")
    assert re.findall(r'figure__label">([^<]+)<', band) == ["Documents", "Seminars"]
    assert 'href="/en/figures/"' in band


def test_home_without_a_record_has_no_figures(client):
    assert "in-figures" not in text_of(client, "/en/")


def test_reported_figure_key_cannot_collide_with_counted_url():
    figure = reported_figure("sample")
    figure.key = "counted"

    with pytest.raises(ValidationError, match="Enter another identifier"):
        figure.full_clean()
