"""Dates of other calendar eras and impossible years, in sheets and in forms."""

import datetime as dt

import pytest
from django.urls import reverse

from portal.content.spreadsheets.columns import (
    DateColumn,
    InvalidCellError,
    KeyIndex,
    NameIndex,
)
from portal.content.spreadsheets.number_formats import (
    classify_number_format,
    format_cell_number,
)
from portal.reference.directory.models import Organ
from portal.reference.directory.resources import OrganResource
from seminars.models import Seminar, Session
from tests.admin_forms import errors, rows
from tests.factories import directory, seminars
from tests.factories.publishing import staff
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    csv_of,
    written,
    xlsx_of,
)
from tests.unrendered_pages import open_page, opened_form

COMMON_2024 = "The year 2567 is in the Buddhist calendar. Enter 2024."
NOT_COMMON_ERA = "Enter the date in the Gregorian calendar, for example 2024-09-01."
NO_DAY = "Enter the date as YYYY-MM-DD, or leave blank."
NO_YEAR = "Enter a date between the years 1900 and 2100."


def parse_cell(column, cell: str):
    """Return the date of a cell, or the message with which the cell is rejected."""
    try:
        return column.parse_cell(column.normalize_cell(cell, NameIndex()), KeyIndex())
    except InvalidCellError as error:
        return str(error)


REFUSED = {
    **dict.fromkeys(
        (
            *("2567-09-01", "2567-9-1", "2567/09/01", "2567年9月1日", "25670901"),
            *("1/9/2567", "01-09-2567", "2567", "2567年", "2567-09", "2567年9月"),
            *("พ.ศ. 2567", "พ.ศ.๒๕๖๗", "1 กันยายน 2567", "1 ก.ย. พ.ศ. 2567"),
            *(
                "佛历2567年9月1日",
                "2567-02-29",
                "２５６７－０９－０１",
                "2567-09-01 00:00:00",
            ),
        ),
        COMMON_2024,
    ),
    **dict.fromkeys(
        (
            *(
                "民国113年9月1日",
                "民國113年",
                "令和6年9月1日",
                "平成30年",
                "农历八月初五",
            ),
            *("พ.ศ. 67", "ພ.ສ. 67", "ព.ស. ៦៧", "1446هـ", "27 Safar AH 1446"),
        ),
        NOT_COMMON_ERA,
    ),
    **dict.fromkeys(("1899-12-31", "2101-01-01", "1445-02-26", "2999-01-01"), NO_YEAR),
    **dict.fromkeys(
        (
            *("113/9/1", "113-09-01", "18-9-3", "3/9/18", "03/04/2018", "3/9/2018"),
            *("3 Sep 2018", "2018-09-03 9:30 AM", "2018-09-03 09:30", "2018.1"),
            *("36:00", "20180:00", "09:30", "12.5", "TRUE", "50%", "4.3346E+4"),
            *("2018-02-29", "2018年9月3日-5日", "2018–09–03"),
        ),
        NO_DAY,
    ),
}


def test_day_of_a_cell_that_is_no_clear_common_day_is_refused_with_the_remedy():
    column = DateColumn("d", "d")

    results = {cell: parse_cell(column, cell) for cell in REFUSED}

    assert results == REFUSED


@pytest.mark.django_db
def test_month_and_year_of_the_buddhist_era_are_refused_in_a_sheet():
    head = ("title_zh", "scope", "starts_on")
    cells = ("2567-09-01", "2567-09", "2567年", "พ.ศ. 2567")
    content = csv_of(head, *[(cell, "related", cell) for cell in cells])

    row_errors = checked(content).errors

    assert [error[3] for error in row_errors] == [COMMON_2024] * 4
    assert not Seminar.objects.exists()


@pytest.mark.django_db
def test_cells_formatted_in_another_era_are_read_by_their_value():
    formats = (
        *("d/m/bbbb", "[$-107041E]d mmmm yyyy;@", "[$-D07041E]d/m/yyyy;@"),
        *("[$-41E]d mmm bb", "[$-1070000]d/m/yyyy;@", "[~buddhist]D/M/YYYY"),
        *("B2yyyy-mm-dd", "[$-404]e/m/d", "[$-411]ggge年m月d日", "[$-1010409]d/m/b"),
    )
    day = dt.datetime.fromisoformat("2024-09-01")

    def change(sheet):
        for row, code in enumerate(formats, start=2):
            sheet.cell(row, 3).number_format = code

    table = [("title_zh", "scope", "starts_on")]
    table += [(code, "related", day) for code in formats]

    written(xlsx_of(*table, change=change))

    stored = dict(Seminar.objects.values_list("title_zh_hans", "starts_on"))
    assert stored == dict.fromkeys(formats, day.date())


def test_month_and_year_formatted_in_the_buddhist_era_keep_their_precision():
    serial = "45536"  # 1 September 2024

    def formatted(number, code=""):
        return format_cell_number(
            serial, classify_number_format(number, code), is_1904=False
        )

    assert [formatted(200, "mmmm bbbb"), formatted(200, "bbbb"), formatted(74)] == [
        *("2024-09", "2024", "2024-09")
    ]
    assert [formatted(71), formatted(81)] == ["2024-09-01"] * 2


@pytest.mark.django_db
def test_founding_of_an_organ_can_be_centuries_ago():
    organ = directory.organ("sample", name_en="Sample", name_zh_hans="示例")
    head = ("organ_key", "established_on", "date_precision")

    written(csv_of(head, ("sample", "1432", "year")), "organs")
    results = {
        cell: parse_cell(
            next(
                column
                for column in OrganResource.columns
                if column.field == "established_on"
            ),
            cell,
        )
        for cell in ("0999-01-01", "2567-09-01", "2101-01-01")
    }

    organ.refresh_from_db()
    assert organ.established_on == dt.date(1432, 1, 1)
    assert results == {
        "0999-01-01": "Enter a date between the years 1000 and 2100.",
        "2567-09-01": COMMON_2024,
        "2101-01-01": "Enter a date between the years 1000 and 2100.",
    }


# ----------------------------------------------------------------------------- forms


@pytest.fixture
def editor(client):
    client.force_login(staff(is_superuser=True))
    return client


TYPED = {
    "2567-09-01": COMMON_2024,
    "09/01/2567": COMMON_2024,
    "2567年9月1日": COMMON_2024,
    "พ.ศ. ๒๕๖๗": COMMON_2024,
    "令和6年9月1日": NOT_COMMON_ERA,
    "1899-12-31": NO_YEAR,
    "2101-01-01": NO_YEAR,
    "03/04/18": "Enter the date as YYYY-MM-DD, for example 2024-09-01.",
}


@pytest.mark.django_db
def test_day_typed_in_a_form_is_refused_like_that_of_a_sheet(editor):
    seminar = seminars.seminar()
    url = reverse("admin:seminars_seminar_change", args=[seminar.pk])
    form_data = opened_form(editor, url)

    messages = {}
    for typed in TYPED:
        response = open_page(editor.post, url, form_data | {"starts_on": typed})
        form = response.context["adminform"].form
        messages[typed] = " ".join(form.errors.get("starts_on", []))

    assert messages == TYPED
    seminar.refresh_from_db()
    assert seminar.starts_on is None


@pytest.mark.django_db
def test_day_of_a_time_is_refused_in_another_era(editor):
    seminar = seminars.seminar()
    url = reverse("admin:seminars_seminar_change", args=[seminar.pk])
    form_data = opened_form(editor, url)
    times = {"publish_at_0": "2567-09-01", "publish_at_1": "09:00"}
    session = {"starts_at_0": "9/1/2567", "starts_at_1": "09:00", "title_en": "One"}
    values = form_data | times | rows("sessions", session)

    response = open_page(editor.post, url, values)

    assert COMMON_2024 in response.context["adminform"].form.errors["publish_at"]
    assert str(errors(response)).count(COMMON_2024) >= 2
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_time_of_an_event_is_of_this_age_and_a_time_to_publish_may_be_later(editor):
    seminar = seminars.seminar()
    url = reverse("admin:seminars_seminar_change", args=[seminar.pk])
    form_data = opened_form(editor, url)
    times = {"publish_at_0": "2199-01-01", "publish_at_1": "09:00"}
    session = {"starts_at_0": "2199-01-01", "starts_at_1": "09:00", "title_en": "One"}
    event_values = form_data | times | rows("sessions", session)

    refused_response = open_page(editor.post, url, event_values)
    accepted_response = editor.post(url, form_data | times)

    assert refused_response.context["adminform"].form.errors == {}
    assert NO_YEAR in str(errors(refused_response))
    assert accepted_response.status_code == 302, errors(accepted_response)


@pytest.mark.django_db
def test_founding_day_typed_in_a_form_can_be_centuries_ago(editor):
    organ = directory.organ("sample")
    url = reverse("admin:directory_organ_change", args=[organ.pk])
    form_data = opened_form(editor, url) | {"date_precision": "year"}
    buddhist_data = form_data | {"established_on": "2567-01-01"}

    refused_response = open_page(editor.post, url, buddhist_data)
    accepted_response = editor.post(url, form_data | {"established_on": "1432-01-01"})

    assert refused_response.context["adminform"].form.errors["established_on"] == [
        COMMON_2024
    ]
    assert accepted_response.status_code == 302, errors(accepted_response)
    assert Organ.objects.get().established_on == dt.date(1432, 1, 1)
