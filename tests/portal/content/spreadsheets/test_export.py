"""Exports can be imported again unchanged and contain no formulas."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from itertools import cycle

import pytest
from django.db import models
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.content.spreadsheets.csv_reading import read_csv
from portal.content.spreadsheets.export import (
    check_export_limit,
    iterate_export_rows,
    write_csv,
    write_file,
    write_xlsx,
)
from portal.content.spreadsheets.headings import ERRORS_HEADING_EN
from portal.content.spreadsheets.registry import get_resource, get_resource_codes
from portal.content.spreadsheets.sheet import MAX_ROWS
from portal.content.spreadsheets.xlsx_reading import read_xlsx
from portal.content.spreadsheets.xlsx_writing import MAX_CELL_LENGTH, ExportError
from seminars.models import Seminar
from tests.factories import directory, exchanges, people, seminars
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.portal.content.spreadsheets.import_helpers import checked, counts, written
from tests.project.related_records import enrich, fresh, public

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'x", "''x", "'", "=cmd|x")
# Characters that XML or databases cannot store have a separate test.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\t\n\r"),
    max_size=40,
)
# Imports reject private-use characters and U+FFFD (replacement character).
READABLE = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cn", "Co"],
        exclude_characters="\ufffd",
        include_characters="\t\n\r",
    ),
    max_size=40,
)
ROWS = st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=5)


def as_xlsx(rows) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, rows)
    return out.getvalue()


def as_csv(rows) -> bytes:
    out = io.BytesIO()
    write_csv(out, rows)
    return out.getvalue()


def filled(rows) -> list[list[str]]:
    """Return the rows without blank rows and without blank cells at their ends."""
    trimmed = []
    for row in rows:
        row = [cell if cell.strip() else "" for cell in row]
        while row and not row[-1]:
            row.pop()
        trimmed.append(row)
    return [row for row in trimmed if row]


@settings(deadline=None)
@given(ROWS)
@example([list(DANGEROUS)])
@example([["_x0041_", "_x005F_", "a\r\nb", " x ", "<&>\"'"]])
@example([["<r>a & b</r>", "<r><t>x</t></r>", "<is/>"]])
def test_xlsx_text_round_trips(rows):
    restored = [cells for _number, cells in read_xlsx(as_xlsx(rows)).rows]

    assert restored == filled(rows)


@settings(deadline=None)
@given(ROWS)
@example([list(DANGEROUS)])
@example([["a,b;c\td", 'a"b', "a\r\nb", "﻿", " x "]])
def test_csv_text_round_trips(rows):
    heads = ["one", "two", "three"]

    sheet = read_csv(as_csv([heads, *rows]), lambda sheet: len(sheet.rows[0][1]))

    assert filled(cells for _n, cells in sheet.rows) == filled([heads, *rows])


def test_xlsx_cells_are_always_text():
    values = ["=1+1", "007", "2018-09-03", "1e5", "TRUE", "https://example.org/"]

    book = load_workbook(io.BytesIO(as_xlsx([values])))

    cells = next(book.active.iter_rows())
    assert [cell.value for cell in cells] == values
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


@pytest.mark.parametrize("value", DANGEROUS)
def test_csv_escapes_formulas(value):
    text = as_csv([[value, f"x{value}"]]).decode("utf-8-sig")

    (row,) = csv.reader(io.StringIO(text, newline=""))

    assert row == [f"'{value}", f"x{value}"]


def test_csv_starts_with_utf_8_bom():
    assert as_csv([["研修班"]]).startswith(b"\xef\xbb\xbf")


def test_export_bytes_are_reproducible():
    assert as_xlsx([["A"]]) == as_xlsx([["A"]])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "x" * (MAX_CELL_LENGTH + 1),
            "Row 2, column title_en: the text is longer than",
        ),
        (
            "😀" * (MAX_CELL_LENGTH // 2 + 1),
            "the text is longer than 32767 characters",
        ),
        (
            "a\x07b",
            ("the text contains a control character that is not allowed in a cell."),
        ),
        (
            "a￾",
            ("the text contains a control character that is not allowed in a cell."),
        ),
    ],
)
def test_too_long_text_is_rejected_in_xlsx_and_accepted_in_csv(value, message):
    rows = [["code", "title_en"], ["SEM-0001", value]]

    with pytest.raises(ExportError, match=message):
        as_xlsx(rows)

    sheet = read_csv(as_csv(rows), lambda sheet: len(sheet.rows[0][1]))
    assert sheet.rows[1][1][1] == value


def test_longest_xlsx_text_is_accepted():
    text = "x" * MAX_CELL_LENGTH

    assert read_xlsx(as_xlsx([[text]])).rows == [(1, [text])]


def test_export_is_limited_to_importable_rows():
    with pytest.raises(ExportError, match="Filter the list"):
        check_export_limit(MAX_ROWS + 1)


# ------------------------------------------------------------------ stored records


def exported(code: str, form="csv") -> bytes:
    resource = get_resource(code)
    out = io.BytesIO()
    pks = list(resource.model.objects.order_by("pk").values_list("pk", flat=True))
    write_file(out, iterate_export_rows(resource, pks), form)
    return out.getvalue()


def two_of_each_model() -> Callable[[type[models.Model]], models.Model]:
    """Return a function that returns two public rows of a model alternately."""
    pairs = cache(lambda model: cycle([public(model), public(model)]))
    return lambda model: next(pairs(model))


@pytest.mark.django_db
@pytest.mark.parametrize("code", get_resource_codes())
def test_every_resource_export_reimports_unchanged(code):
    model, related = get_resource(code).model, two_of_each_model()
    for _ in range(1 if code == "evidence_only_hosts" else 2):
        enrich(fresh(model), 2, related)

    with collect_failures() as failures:
        for form in ("xlsx", "csv"):
            with failures.isolated_case(code, form):
                batch = written(exported(code, form), code)
                assert counts(batch) == (0, 0, model.objects.count())


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_numbers_are_reimported_unchanged(form):
    for number in (0, 1, 1000, 1234, 1_234_567):
        seminars.seminar(reported_participants=number, hours=Decimal("1234.5"))

    batch = checked(exported("seminars", form))

    assert batch.errors == []
    assert counts(batch) == (0, 0, 5)


@pytest.mark.django_db
def test_published_export_reimports_unchanged():
    states.published(enrich(seminars.seminar(), 2))

    assert counts(checked(exported("seminars"))) == (0, 0, 1)


TEXTS = st.tuples(READABLE.filter(str.strip), READABLE, READABLE)


# Several records in a file: what is tried is a text, and the time goes into the file.
@pytest.mark.django_db
@settings(
    deadline=None,
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(TEXTS, min_size=1, max_size=5))
@example(
    [
        ("'=1;2", " ２０１８年９月；", "a;b\r\n c\n\n"),
        ("a\u2028b\u200b\nc", "\u200b", "a\u2028b\x85c"),
    ]
)
def test_arbitrary_text_export_reimports_unchanged(records):
    Seminar.objects.all().delete()
    for title, venue, subjects in records:
        seminars.seminar(
            title_en=title,
            venue_as_recorded=venue,
            subjects_en=subjects,
            subjects_zh_hans=subjects,
        )
    before = list(Seminar.objects.order_by("pk").values())

    for form in ("xlsx", "csv"):
        batch = written(exported("seminars", form))
        assert counts(batch) == (0, 0, len(records))

    assert list(Seminar.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_reimport_keeps_values_not_representable_in_cells():
    seminars.seminar("SEM-0001", title_en="Old", subjects_en="one; two\nthree")
    content = exported("seminars").replace(b"Old", b"New")

    written(content)

    seminar = Seminar.objects.get()
    assert (seminar.title_en, seminar.subjects_en) == ("New", "one; two\nthree")


@pytest.mark.django_db
def test_export_query_count_is_constant(
    django_assert_num_queries,
):
    seminars.seminar()
    pks = [Seminar.objects.get().pk]
    resource = get_resource("seminars")
    with django_assert_num_queries(3):
        list(iterate_export_rows(resource, pks))
    related = two_of_each_model()
    records = [enrich(seminars.seminar(), 2, related) for _ in range(3)]

    with django_assert_num_queries(3):
        list(iterate_export_rows(resource, [record.pk for record in records]))


@pytest.mark.django_db
def test_corrected_error_file_can_be_imported():
    from portal.content.spreadsheets.error_export import iterate_rows_with_errors

    directory.country("VN")
    exchanges.mechanism()
    people.person()
    content = (
        "名单,,\n标题,范围,首日\n甲,外交,2018年13月\n乙,related,2018年9月\n"
    ).encode("gb18030")

    rows = list(iterate_rows_with_errors(checked(content)))

    assert rows[0] == [ERRORS_HEADING_EN, "标题", "范围", "首日"]
    assert rows[1][0] == (
        "范围: Choose one of these: prosecutors, related.\n"
        "首日: Enter the date as YYYY-MM-DD, or leave blank."
    )
    assert rows[2] == ["", "乙", "related", "2018年9月"]
    rows[1][2:] = ["prosecutors", "2018年12月"]
    assert counts(written(as_xlsx(rows))) == (2, 0, 0)
