"""Filter form of lists: fields, options with their counts, and "More filters"."""

import datetime as dt
import re

import pytest

from delegations.choices import Direction
from portal.content.publishing.choices import EventState, Scope
from portal.website import base_views
from tests.catalogues import use_catalogues, write_catalogue
from tests.factories.delegations import visit
from tests.factories.directory import country, topic
from tests.factories.exchanges import mechanism
from tests.factories.publishing import published, published_together

pytestmark = pytest.mark.django_db
LIST = "/en/delegations/"


@pytest.fixture
def visits():
    """Publish three visits that differ in every filter, and their names."""
    china, vietnam, laos = country("CN"), country("VN"), country("LA")
    published_together(china, vietnam, laos)
    drugs, cyber = topic("drugs", name_en="Drugs"), topic("cyber", name_en="Cyber")
    published_together(
        visit("VIS-0001", topics=[drugs], **_on(2019)),
        visit("VIS-0002", topics=[drugs, cyber], scope=Scope.RELATED, **_on(2025)),
        visit(
            "VIS-0003",
            from_country=china,
            to_country=laos,
            direction=Direction.OUTBOUND,
            state=EventState.PLANNED,
        ),
    )


def _on(year: int) -> dict:
    day = dt.date(year, 3, 1)
    return {"starts_on": day, "ends_on": day, "date_precision": "day"}


def _fields(client, path=LIST) -> tuple[dict, dict, bool]:
    """Return the first fields and the further ones by name, and if these are shown."""
    context = client.get(path).context
    first, more = (
        {field.name: field for field in context[name]}
        for name in ("filter_fields", "more_filter_fields")
    )
    return first, more, context["is_more_open"]


def test_four_filters_are_shown_first(client, visits):
    first, more, is_open = _fields(client)

    assert list(first) == ["country", "topic", "direction", "year"]
    assert list(more) == ["scope", "state", "done", "dated", "from", "to", "as_of"]
    assert not is_open


def test_set_filter_opens_the_further_ones(client, visits):
    assert _fields(client, f"{LIST}?scope=related")[2]
    assert _fields(client, f"{LIST}?as_of=2025-99-99")[2]
    assert not _fields(client, f"{LIST}?country=LA")[2]


def test_options_show_their_counts(client, visits):
    html = client.get(LIST).content.decode()

    for option in ("Drugs (2)", "Cyber (1)", "2025 (1)", "2019 (1)"):
        assert f">{option}</option>" in html
    assert html.index(">2025 (1)</option>") < html.index(">2019 (1)</option>")


def test_thai_year_has_its_count_outside_brackets(client, visits, settings, tmp_path):
    message = ("", "%(option)s (%(count)s)")
    write_catalogue(
        tmp_path,
        "th",
        missing={message},
        instead=lambda _: "%(option)s, %(count)s รายการ",
    )
    use_catalogues(settings, tmp_path)

    html = client.get(LIST.replace("/en/", "/th/")).content.decode()

    option = "พ.ศ. 2568 (ค.ศ. 2025), 1 รายการ"
    assert re.search(rf'<option value="2025"\s*>{re.escape(option)}</option>', html)


def test_options_without_results_are_left_out(client, visits):
    first, more, _is_open = _fields(client, f"{LIST}?country=LA")

    assert [option.value for option in first["country"].options] == [
        *("", "CN", "LA", "VN")
    ]
    assert [option.value for option in first["direction"].options] == ["", "outbound"]
    # No record of Laos has a topic or a date; what is left keeps its place.
    assert list(first) == ["country", "direction"]
    assert list(more) == ["scope", "state", "dated", "from", "to", "as_of"]


def test_set_value_without_results_is_kept(client, visits):
    first, _more, _is_open = _fields(client, f"{LIST}?country=LA&year=2019")

    year = first["year"]
    assert year.value == "2019"
    assert [(option.value, option.is_selected) for option in year.options] == [
        *(("", False), ("2019", True))
    ]


def test_invalid_year_keeps_its_field_and_error(client, visits):
    response = client.get(f"{LIST}?year=2568")
    html = response.content.decode()

    assert response.status_code == 400
    assert 'id="filter-year-error"' in html
    assert re.search(r'<option value="2568"\s*selected>2568</option>', html)


def test_long_list_offers_all_options_without_counts(client, visits, monkeypatch):
    monkeypatch.setattr(base_views, "count_options", lambda *arguments: {})

    first, more, _is_open = _fields(client)

    assert {option.count for option in first["country"].options} == {None}
    assert first["year"].type == "number"
    assert {"scope", "state", "done"} <= {*first, *more}


def test_mechanism_without_meetings_keeps_its_country(client, visits):
    myanmar = published(country("MM"))
    published(mechanism("sample", other_country=myanmar))

    first, _more, _is_open = _fields(client, "/en/exchanges/")

    assert "MM" in [option.value for option in first["country"].options]
