"""Errors in record files: each names file, row, column, value and remedy."""

import pytest

from portal.conference.resources import ArticleResource, DocumentResource
from portal.content.spreadsheets.headings import find_strict_table
from portal.content.spreadsheets.import_plan import RowError
from portal.content.spreadsheets.resources import EvidenceOnlyHostResource
from portal.content.spreadsheets.sheet import Sheet
from portal.reference.directory.resources import (
    CountryResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from tests.portal.content.spreadsheets.load_helpers import loaded, refused, row

pytestmark = pytest.mark.django_db

DAY = "Enter the date as YYYY-MM-DD, or leave blank."
NUMBER = "Enter a whole number, or leave blank."
URL = "Each web address must start with http:// or https://."
PARTY = "Enter each party as Name|iso2, for example China|CN."
NO_COUNTRY = (
    "There is no country called “XX”. Correct the name, or add the country first."
)
KINDS = "joint_statement, declaration, agreement, mou, treaty"
BAD_CELLS = [
    (DocumentResource, "signed_on", "24/9/2025", DAY),
    (DocumentResource, "signed_on", "2025-13-01", DAY),
    (DocumentResource, "signed_on", "2025-02-30", DAY),
    (DocumentResource, "signed_on", "2025-9-24", DAY),
    (DocumentResource, "signed_on", "20250924", DAY),
    (DocumentResource, "signed_on", "2025-W39-3", DAY),
    (DocumentResource, "kind", "letter", f"Choose one of these: {KINDS}."),
    (
        DocumentResource,
        "date_precision",
        "week",
        "Choose one of these: day, month, year.",
    ),
    (DocumentResource, "confidence", "sure", "Choose one of these: high, medium, low."),
    (DocumentResource, "party_countries", "VN;XX", NO_COUNTRY),
    (DocumentResource, "parties_named_parties", "Viet Nam", PARTY),
    (DocumentResource, "parties_named_parties", "|VN", PARTY),
    (DocumentResource, "parties_named_parties", "Ministry|XX", NO_COUNTRY),
    (DocumentResource, "source_urls", "www.example.org", URL),
    (DocumentResource, "source_urls", "https://a.example;ftp://b.example", URL),
    (OrganResource, "country_iso2", "XX", NO_COUNTRY),
    (
        OrganResource,
        "country_iso2",
        "",
        "This cell cannot be blank. Enter a value.",
    ),
    (
        OrganResource,
        "parent",
        "nowhere",
        (
            "There is no organisation called “nowhere”. Correct the "
            "name, or add the organisation first."
        ),
    ),
    (OrganResource, "name_is_formed", "maybe", "Enter yes or no, or leave blank."),
    (
        OrganResource,
        "level",
        "",
        "This field cannot be blank.",
    ),
    (
        PlaceResource,
        "time_zone",
        "Asia/Nanning",
        (
            "“Asia/Nanning” is not a time zone. Enter a time zone, for "
            "example Asia/Shanghai."
        ),
    ),
    (CountryResource, "iso2", "vn", "Enter 2 capital letters."),
    (
        ArticleResource,
        "topic_keys",
        "nowhere",
        (
            "There is no topic called “nowhere”. Correct the name, or "
            "add the topic first."
        ),
    ),
    (
        DocumentResource,
        "title_en",
        "T" * 501,
        "Ensure this value has at most 500 characters (it has 501).",
    ),
    (
        DocumentResource,
        "parties_named_parties",
        "M" * 301 + "|VN",
        "Ensure this value has at most 300 characters (it has 301).",
    ),
]


@pytest.mark.parametrize(("resource", "column", "value", "remedy"), BAD_CELLS)
def test_cell_error_names_file_row_column_value_and_fix(
    resource, column, value, remedy
):
    loaded((CountryResource, [row(CountryResource)]))
    good = row(resource)
    good[resource().key_column.header] = {
        DocumentResource: "DOC-0009",
        CountryResource: "LA",
    }.get(resource, "another-key")

    errors = refused((resource, [good, row(resource, **{column: value})]))

    assert errors == [RowError(resource.file, 3, column, value, remedy)]


def test_bad_number_is_refused():
    from portal.content.figures.resources import ReportedFigureResource

    cells = {column.header: "" for column in ReportedFigureResource.columns}
    figure = {
        **cells,
        "key": "held",
        "qualifier": "exact",
        "as_of": "2018-12-31",
        "precision": "year",
        "subject": "seminars",
        "text_en": "Seven.",
    }

    errors = [
        refused((ReportedFigureResource, [{**figure, "value": value}]))
        for value in ("seven", "-7", "7.5", "٧")
    ]

    assert [(error.column, error.value, error.remedy) for (error,) in errors] == [
        ("value", value, NUMBER) for value in ("seven", "-7", "7.5", "٧")
    ]


def test_errors_of_all_files_are_reported_together():
    errors = refused(
        (CountryResource, [row(CountryResource, joined_asean_on="1995")]),
        (PlaceResource, [row(PlaceResource, country_iso2="XX", time_zone="Mars")]),
    )

    assert [(error.file, error.row, error.column) for error in errors] == [
        ("countries.csv", 2, "joined_asean_on"),
        ("places.csv", 2, "country_iso2"),
        ("places.csv", 2, "time_zone"),
    ]


def test_constraint_violation_is_reported_without_database_query():
    errors = refused((TopicResource, [row(TopicResource, name_en="")]))

    assert errors == [
        RowError(
            "topics.csv",
            2,
            "-",
            "",
            "Enter a title or name in Simplified Chinese or English.",
        )
    ]


def test_date_without_precision_is_refused():
    errors = refused(
        (DocumentResource, [row(DocumentResource, signed_on="2025-09-24")])
    )

    assert [error.remedy for error in errors] == [
        ("Choose day, month or year for the date, or leave both blank.")
    ]


@pytest.mark.parametrize(
    ("day", "precision", "first"),
    [("2017-09-15", "month", "2017-09-01"), ("2017-09-01", "year", "2017-01-01")],
)
def test_day_that_is_not_the_first_of_its_month_or_year_is_refused(
    day, precision, first
):
    cells = {"signed_on": day, "date_precision": precision}

    errors = refused((DocumentResource, [row(DocumentResource, **cells)]))

    remedy = f"Enter {first}, because the date is not exact to the day."
    assert errors == [RowError("documents.csv", 2, "signed_on", day, remedy)]


def test_numeric_key_in_two_spellings_is_duplicate():
    from portal.conference.resources import EditionResource

    empty = {column.header: "" for column in EditionResource.columns}

    errors = refused(
        (EditionResource, [{**empty, "number": "1"}, {**empty, "number": "01"}])
    )

    assert [(error.row, error.column, error.value) for error in errors] == [
        (3, "number", "01")
    ]


def test_out_of_range_number_is_rejected():
    from portal.conference.resources import EditionResource

    empty = {column.header: "" for column in EditionResource.columns}
    out_of_range = "99999999999999999999"

    errors = refused((EditionResource, [{**empty, "number": out_of_range}]))

    assert [(error.row, error.column, error.value) for error in errors] == [
        (2, "number", out_of_range)
    ]


def test_duplicate_key_is_rejected_at_second_row():
    errors = refused((TopicResource, [row(TopicResource), row(TopicResource)]))

    assert errors == [
        RowError(
            "topics.csv",
            3,
            "key",
            "training",
            (
                "Each row must have its own code or identifier. It cannot "
                "be blank or repeated."
            ),
        )
    ]


def test_key_left_empty_is_refused():
    errors = refused((TopicResource, [row(TopicResource, key="")]))

    assert [(error.row, error.column) for error in errors] == [(2, "key")]


def test_duplicate_key_in_list_cell_is_rejected():
    loaded((CountryResource, [row(CountryResource)]))

    errors = refused(
        (DocumentResource, [row(DocumentResource, party_countries="VN;VN")])
    )

    assert [(error.column, error.value) for error in errors] == [
        ("party_countries", "VN;VN")
    ]


def test_party_named_twice_is_refused():
    loaded((CountryResource, [row(CountryResource)]))
    parties = "Ministry|VN;Ministry|VN"

    errors = refused(
        (DocumentResource, [row(DocumentResource, parties_named_parties=parties)])
    )

    assert [(error.column, error.value) for error in errors] == [
        ("parties_named_parties", parties)
    ]


def test_organ_as_its_own_parent_is_rejected():
    errors = refused(
        (CountryResource, [row(CountryResource)]),
        (OrganResource, [row(OrganResource, parent="vn-spp")]),
    )

    assert [error.remedy for error in errors] == [
        (
            "An organisation cannot be its own higher-level "
            "organisation. Choose another one."
        )
    ]


@pytest.mark.parametrize("url", ["https://[broken", "https://", "https://a b.example/"])
def test_invalid_url_is_rejected(url):
    errors = refused((DocumentResource, [row(DocumentResource, source_urls=url)]))

    assert [(error.column, error.value) for error in errors] == [("source_urls", url)]


def heading_errors(headings: list[str]) -> list[RowError]:
    resource, sheet = EvidenceOnlyHostResource(), Sheet(rows=[(1, headings)])
    return find_strict_table(resource, sheet, resource.file).errors


def test_missing_and_unknown_headings_are_reported():
    missing, unknown = heading_errors(["host", "why"])

    assert (missing.file, missing.row, missing.column) == (
        *("evidence_only_hosts.csv", 1),
        "reason",
    )
    assert missing.remedy == (
        "Add this column. If the file is from an earlier release, "
        "use the data files supplied with the installed release."
    )
    assert (unknown.row, unknown.column) == (1, "why")
    assert unknown.remedy == "This column was not recognised. Remove it."


def test_renamed_headings_are_reported_with_their_new_names():
    errors = heading_errors(["reasons", " host"])

    renamed = (
        "This column was not recognised. If it is the column “%s” "
        "of another release, rename it to “%s”. Otherwise remove "
        "it."
    )
    assert [(error.column, error.remedy) for error in errors] == [
        ("host", "Add this column, or rename the column “ host”."),
        ("reason", "Add this column, or rename the column “reasons”."),
        ("reasons", renamed % ("reason", "reason")),
        ("host", renamed % ("host", "host")),
    ]


def test_heading_that_sheets_may_have_is_unknown_in_record_files():
    (error,) = heading_errors(["No.", "host", "reason"])

    assert (error.column, error.remedy) == (
        "No.",
        "This column was not recognised. Remove it.",
    )


def test_duplicate_heading_is_reported():
    errors = heading_errors(["host", "reason", "host"])

    assert errors == [
        RowError("evidence_only_hosts.csv", 1, "host", "", "Use this column only once.")
    ]


def test_row_error_is_formatted_as_one_sentence():
    error = RowError(
        "topics.csv",
        3,
        "key",
        "training",
        (
            "Each row must have its own code or identifier. It cannot "
            "be blank or repeated."
        ),
    )

    assert str(error) == (
        "topics.csv, row 3, column key, “training”: Each row must "
        "have its own code or identifier. It cannot be blank or "
        "repeated."
    )
