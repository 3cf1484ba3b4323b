"""Numbers, thousands separators, decimals and durations in sheets."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.content.publishing.models import ImportBatch
from portal.content.spreadsheets.columns import (
    DecimalColumn,
    IntegerColumn,
    InvalidCellError,
    KeyIndex,
    NameIndex,
    NullBooleanColumn,
)
from portal.content.spreadsheets.number_formats import (
    classify_number_format,
    format_cell_number,
)
from portal.content.spreadsheets.sheet import NumberText
from seminars.models import Seminar
from tests.admin_forms import token_for
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    permitted,
    written,
    xlsx_of,
)

ADD = "/admin/publishing/importbatch/add/"


def parse_cell(column, cell: str):
    """Return the value of a cell, or the message with which the cell is rejected."""
    try:
        return column.parse_cell(column.normalize_cell(cell, NameIndex()), KeyIndex())
    except InvalidCellError as error:
        return str(error)


def two(cell: str, decimal: str, thousands: str) -> str:
    return (
        f"“{cell}” can mean {decimal} or {thousands}. "
        f"Enter it without a separator, for example {thousands}."
    )


NOT_A_WHOLE_NUMBER = "Enter a whole number, or leave blank."
WHOLE_NUMBERS = {
    "1.000": two("1.000", "1", "1000"),
    "1,000": two("1,000", "1", "1000"),
    "12.000": two("12.000", "12", "12000"),
    "1.500": two("1.500", "1.5", "1500"),
    "1,234": two("1,234", "1.234", "1234"),
    "1.234": two("1.234", "1.234", "1234"),
    "１，２３４": two("1,234", "1.234", "1234"),
    "999,999": two("999,999", "999.999", "999999"),
    "1 234": 1234,
    "1234": 1234,
    "1,234,567": 1_234_567,
    "1.234.567": 1_234_567,
    "1 500": 1500,
    "1\u00a0500": 1500,
    "1\u202f500": 1500,
    "1’500": 1500,
    "1'500": 1500,
    "１，２３４，５６７": 1_234_567,
    "12.0": 12,
    "1.0000": 1,
    "0.000": 0,
    "1234.000": 1234,
    "๑๒": 12,
    "໑໒": 12,
    "១២": 12,
    "၁၂": 12,
    "1\u200b2": 12,
    "": None,
    **dict.fromkeys(
        (
            *("1,5", "1.5", "1 5", "1 50", "12 34", "1,00,000", "1.234,567"),
            *("-5", "−5", "－５", "+5", "1E+3", "1e3", "012", "十二", "12人", "1²"),
            *("①", "½", "50%", "TRUE", "36:00", "NaN", "∞", "1.", ".5", "1,,000"),
        ),
        NOT_A_WHOLE_NUMBER,
    ),
}


def test_text_in_a_column_of_whole_numbers_has_one_reading_or_is_refused():
    column = IntegerColumn("n", "n")

    assert {cell: parse_cell(column, cell) for cell in WHOLE_NUMBERS} == WHOLE_NUMBERS


NO_NUMBER = "Enter a number, for example 40 or 7.5, or leave blank."
DECIMALS = {
    "12,345.67": Decimal("12345.67"),
    "12.345,67": Decimal("12345.67"),
    "12 345,67": Decimal("12345.67"),
    "1,5": Decimal("1.5"),
    "７．５": Decimal("7.5"),
    "7.50": Decimal("7.5"),
    "1,500": "“1,500” can mean 1.5 or 1500. Enter 1.5 or 1500.",
    "36.000": "“36.000” can mean 36 or 36000. Enter 36 or 36000.",
    "36:00": Decimal(36),
    "36：30": Decimal("36.5"),
    "36:30:00": Decimal("36.5"),
    "7:30": Decimal("7.5"),
    "36小时": Decimal(36),
    "36 h": Decimal(36),
    "36.5 hours": Decimal("36.5"),
    "36:20": "Enter “36:20” as a number of hours, for example 36.5.",
    **dict.fromkeys(
        (
            *("-7.5", "1E+3", "50%", "FALSE", "36:75", "36学时", "36h30", "1 day"),
            *("2018-09-01", "1900-01-01 12:00:00", "1.2.3", "-36:00"),
        ),
        NO_NUMBER,
    ),
}


def test_text_in_a_column_of_hours_has_one_reading_or_is_refused():
    column = DecimalColumn("n", "n")

    assert {cell: parse_cell(column, cell) for cell in DECIMALS} == DECIMALS


def test_number_of_a_workbook_is_read_by_its_value():
    cells = {"1": 1, "1000": 1000, "1234": 1234, "0": 0, "1.5": NOT_A_WHOLE_NUMBER}

    results = {
        cell: parse_cell(IntegerColumn("n", "n"), NumberText(cell)) for cell in cells
    }

    assert results == cells
    assert parse_cell(DecimalColumn("n", "n"), NumberText("1.125")) == Decimal("1.125")
    assert (
        NullBooleanColumn("y", "y").normalize_cell(NumberText("1"), NameIndex())
        == "yes"
    )


def test_values_of_records_are_cells_with_one_reading():
    assert (
        parse_cell(
            DecimalColumn("n", "n"),
            DecimalColumn("n", "n").format_cell(Decimal("1.500")),
        )
        == 1.5
    )
    assert (
        parse_cell(IntegerColumn("n", "n"), IntegerColumn("n", "n").format_cell(1000))
        == 1000
    )


FORMATTED_NUMBERS = [
    ("1.5", "[h]:mm", "36:00"),
    ("1.520833333333333", "[h]:mm", "36:30"),
    ("1.5", "[hh]:mm:ss", "36:00"),
    ("0.0625", "[mm]:ss", "1:30"),
    ("0.5001736111", "[h]:mm:ss", "12:00:15"),
    ("1.5", '[h]"小时"mm"分"', "36:00"),
    ("-0.5", "[h]:mm", "-12:00"),
    ("0.3125", "h:mm", "07:30:00"),
    ("1.5", "h:mm", "1900-01-01 12:00:00"),
    ("43345.9999999999", "yyyy-mm-dd", "2018-09-03"),
    ("0.5", "0%", "50%"),
    ("0.125", "0.0%", "12.5%"),
    ("1000", "#,##0", "1000"),
    ("1", "0.000", "1"),
    ("1000.0", "0.00E+00", "1000"),
    ("1E3", "", "1000"),
    ("12", "[Red]0", "12"),
    ("12", "[>100]0;0", "12"),
    ("-0", "0", "0"),
]


def test_number_is_shown_by_its_format():
    results = [
        (
            value,
            code,
            format_cell_number(value, classify_number_format(200, code), is_1904=False),
        )
        for value, code, _expected in FORMATTED_NUMBERS
    ]

    assert results == FORMATTED_NUMBERS
    assert classify_number_format(46) == "duration"
    assert format_cell_number("1.5", "duration", is_1904=True) == "36:00"


# ------------------------------------------------------------------ complete imports


def formatted(**formats: str):
    """Return a function that sets the number formats of a sheet, by cell address."""

    def change(sheet):
        for cell_name, code in formats.items():
            sheet[cell_name].number_format = code

    return change


@pytest.mark.django_db
def test_duration_is_hours_and_numbers_of_a_workbook_are_themselves():
    content = xlsx_of(
        ("title_zh", "scope", "hours", "participants_count"),
        ("A", "related", 1.5, 1000.0),
        ("B", "related", 36.5, 1),
        change=formatted(C2="[h]:mm", C3="0.000", D2="#,##0.0", D3="0.000"),
    )

    written(content)

    seminars = Seminar.objects.order_by("title_zh_hans")
    assert list(seminars.values_list("hours", "reported_participants")) == [
        (Decimal(36), 1000),
        (Decimal("36.5"), 1),
    ]


@pytest.mark.django_db
def test_numbers_survive_merged_cells():
    def change(sheet):
        sheet.merge_cells("C2:C3")
        formatted(C2="0.000")(sheet)

    rows = (("title_zh", "scope", "hours"), ("A", "related", 1.2), ("B", "related"))

    written(xlsx_of(*rows, change=change))

    assert set(Seminar.objects.values_list("hours", flat=True)) == {Decimal("1.2")}


@pytest.mark.django_db
def test_duration_in_a_column_of_days_is_refused():
    content = xlsx_of(
        ("title_zh", "scope", "starts_on"),
        ("A", "related", 1.5),
        ("B", "related", 840.875),
        change=formatted(C2="[h]:mm", C3="[h]:mm"),
    )

    errors = checked(content).errors

    assert {error[3] for error in errors} == {
        "Enter the date as YYYY-MM-DD, or leave blank."
    }
    assert [error[2] for error in errors] == ["36:00", "20181:00"]


@pytest.mark.django_db
def test_thousands_or_decimals_are_refused_in_the_form(
    client, django_capture_on_commit_callbacks
):
    names = ("seminars.add_seminar", "seminars.change_seminar", "seminars.view_seminar")
    client.force_login(permitted(*names))
    head = ("title_zh", "scope", "participants_count")
    cells = ("1.000", "1,234", "1,000", "1234", "1 234", "1,234,567")
    content = xlsx_of(head, *((cell, "related", cell) for cell in cells))
    form_data = {
        "resource": "seminars",
        "file": SimpleUploadedFile("rows.xlsx", content),
    }

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(ADD, form_data | token_for(client, ADD))
    page = client.get(response["Location"]).text

    for cell, readings in {
        "1.000": "1 or 1000",
        "1,234": "1.234 or 1234",
        "1,000": "1 or 1000",
    }.items():
        assert f"“{cell}” can mean {readings}. Enter it without a separator" in page
    assert len(ImportBatch.objects.get().errors) == 3
    assert not Seminar.objects.exists()
