"""All errors of a row are reported at once, without errors caused by other errors."""

import pytest

from tests.factories import directory, people, seminars
from tests.portal.content.spreadsheets.import_helpers import checked, csv_of

pytestmark = pytest.mark.django_db
SEMINAR = (
    "code",
    "title_en",
    "scope",
    "starts_on",
    "date_precision",
    "participants_count",
)
LIST = ("研修班", "姓名", "职级或职务", "机构", "国家")

COUNT = "Enter a whole number, or leave blank."
DAY = "Enter the date as YYYY-MM-DD, or leave blank."
BLANK = "This field cannot be blank."
NEEDED = "This cell cannot be blank. Enter a value."
NO_ORGAN = (
    "There is no organisation called “nobody”. Correct the "
    "name, or add the organisation first."
)
NO_COUNTRY = (
    "There is no country called “XX”. Correct the name, or add the country first."
)
NO_SEMINAR = (
    "There is no seminar called “SEM-9999”. Correct the name, or add the seminar first."
)
NO_TITLE = "Enter a title or name in Simplified Chinese or English."


def errors(*rows: tuple, head=SEMINAR, code="seminars") -> list[tuple]:
    return [tuple(error) for error in checked(csv_of(head, *rows), code).errors]


def test_invalid_count_and_missing_scope_are_reported_together():
    assert errors(("", "A", "", "2018-09-03", "day", "many")) == [
        (2, "participants_count", "many", COUNT),
        (2, "scope", "", BLANK),
    ]


def test_missing_title_is_reported_with_invalid_count_and_missing_scope():
    assert errors(("SEM-0001", "", "", "", "", "many")) == [
        (2, "participants_count", "many", COUNT),
        (2, "scope", "", BLANK),
        (2, "-", "", NO_TITLE),
    ]


@pytest.mark.parametrize("code", ["", "SEM-0001"])
@pytest.mark.parametrize("precision", ["", "day", "month"])
def test_invalid_date_is_reported_once_with_missing_scope(code, precision):
    assert errors((code, "A", "", "some day", precision, "")) == [
        (2, "starts_on", "some day", DAY),
        (2, "scope", "", BLANK),
    ]


def test_invalid_precision_is_reported_once():
    ((_row, column, _value, _remedy),) = errors(
        ("SEM-0001", "A", "related", "2018-09-03", "week", "")
    )

    assert column == "date_precision"


def test_update_row_reports_all_errors():
    seminars.seminar("SEM-0001", title_en="A")

    assert errors(("SEM-0001", "A", "", "", "", "many")) == [
        (2, "participants_count", "many", COUNT),
        (2, "scope", "", BLANK),
    ]


def test_row_without_key_reports_other_errors():
    row_errors = errors(("", "", "", "", "", ""), ("", "", "", "", "", "5"))

    assert (
        3,
        "code",
        "",
        (
            "Each row must have its own code or identifier. It cannot "
            "be blank or repeated."
        ),
    ) in row_errors
    assert (3, "scope", "", BLANK) in row_errors


def test_invalid_required_reference_is_not_reported_as_missing():
    head = ("organ_key", "country_iso2", "level", "name_en")

    assert errors(("vn-spp", "XX", "", "Sample"), head=head, code="organs") == [
        (2, "country_iso2", "XX", NO_COUNTRY),
        (2, "level", "", BLANK),
    ]


def participants(*rows: tuple) -> list[tuple]:
    return errors(*rows, head=LIST, code="seminar_participants")


def test_country_implied_by_invalid_organ_is_not_reported_as_missing():
    seminars.seminar("SEM-0001")

    assert participants(("SEM-0001", "阮文安", "", "nobody", "")) == [
        (2, "机构", "nobody", NO_ORGAN)
    ]


def test_person_error_is_reported_only_in_its_row():
    directory.any_country("VN")
    seminars.seminar("SEM-0001")
    seminars.seminar("SEM-0002")

    row_errors = participants(
        ("SEM-0001", "阮文安", "", "", "XX"),
        ("SEM-0002", "阮文安", "", "", ""),
        ("SEM-0002", "陈氏平", "", "", ""),
    )

    assert row_errors == [(2, "国家", "XX", NO_COUNTRY), (4, "国家", "", NEEDED)]


def test_missing_seminar_is_reported_with_person_errors():
    directory.any_country("VN")

    assert sorted(participants(("", "阮文安", "", "", ""))) == [
        (2, "国家", "", NEEDED),
        (2, "研修班", "", NEEDED),
    ]


def test_existing_person_needs_no_country():
    people.person("Nguyen Van An", name_own="阮文安")
    seminars.seminar("SEM-0001")

    assert participants(("SEM-9999", "阮文安", "", "", "")) == [
        (
            *(2, "研修班", "SEM-9999"),
            NO_SEMINAR,
        )
    ]
