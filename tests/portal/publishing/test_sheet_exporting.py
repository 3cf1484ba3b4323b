"""What is taken out comes in again unchanged, and no program runs it."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.publishing.spreadsheets.csv_reading import read_csv
from portal.publishing.spreadsheets.exporting import (
    check_count,
    rows_of,
    write_csv,
    write_file,
    write_xlsx,
)
from portal.publishing.spreadsheets.headings import ERRORS_EN
from portal.publishing.spreadsheets.registry import resource_codes, resource_named
from portal.publishing.spreadsheets.sheets import MAX_ROWS
from portal.publishing.spreadsheets.xlsx_reading import read_xlsx
from portal.publishing.spreadsheets.xlsx_writing import MAX_TEXT, Unwritable
from seminars.models import Seminar
from tests.factories import directory, exchanges, people, seminars
from tests.factories import publishing as states
from tests.house.relations import enrich, fresh
from tests.portal.publishing.office_sheets import checked, counts, written

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'x", "''x", "'", "=cmd|x")
# What XML and databases cannot hold is a test of its own.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\t\n\r"),
    max_size=40,
)
# Without what no cell may have: private use, and the sign for what is not decoded.
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
    """The rows as far as they are filled: blanks at the end are nothing."""
    kept = []
    for row in rows:
        row = [cell if cell.strip() else "" for cell in row]
        while row and not row[-1]:
            row.pop()
        kept.append(row)
    return [row for row in kept if row]


@settings(deadline=None)
@given(ROWS)
@example([list(DANGEROUS)])
@example([["_x0041_", "_x005F_", "a\r\nb", " x ", "<&>\"'"]])
def test_every_text_is_read_back_from_xlsx_as_it_was(rows):
    read = [cells for _number, cells in read_xlsx(as_xlsx(rows)).rows]

    assert read == filled(rows)


@settings(deadline=None)
@given(ROWS)
@example([list(DANGEROUS)])
@example([["a,b;c\td", 'a"b', "a\r\nb", "﻿", " x "]])
def test_every_text_is_read_back_from_csv_as_it_was(rows):
    heads = ["one", "two", "three"]

    sheet = read_csv(as_csv([heads, *rows]), lambda sheet: len(sheet.rows[0][1]))

    assert filled(cells for _n, cells in sheet.rows) == filled([heads, *rows])


def test_cells_of_xlsx_are_text_whatever_they_look_like():
    values = ["=1+1", "007", "2018-09-03", "1e5", "TRUE", "https://example.org/"]

    book = load_workbook(io.BytesIO(as_xlsx([values])))

    cells = next(book.active.iter_rows())
    assert [cell.value for cell in cells] == values
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


@pytest.mark.parametrize("value", DANGEROUS)
def test_csv_has_no_cell_that_a_program_takes_for_a_formula(value):
    text = as_csv([[value, f"x{value}"]]).decode("utf-8-sig")

    (row,) = csv.reader(io.StringIO(text, newline=""))

    assert row == [f"'{value}", f"x{value}"]


def test_csv_says_that_it_is_utf_8():
    assert as_csv([["研修班"]]).startswith(b"\xef\xbb\xbf")


def test_same_rows_are_the_same_bytes():
    assert as_xlsx([["A"]]) == as_xlsx([["A"]])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("x" * (MAX_TEXT + 1), "Row 2, column title_en: the text is longer than"),
        ("😀" * (MAX_TEXT // 2 + 1), "the text is longer than the 32767 characters"),
        ("a\x07b", "has a control character"),
        ("a￾", "has a control character"),
    ],
)
def test_what_xlsx_cannot_hold_is_refused_and_csv_takes_it(value, told):
    rows = [["code", "title_en"], ["SEM-0001", value]]

    with pytest.raises(Unwritable, match=told):
        as_xlsx(rows)

    sheet = read_csv(as_csv(rows), lambda sheet: len(sheet.rows[0][1]))
    assert sheet.rows[1][1][1] == value


def test_longest_text_fits():
    text = "x" * MAX_TEXT

    assert read_xlsx(as_xlsx([[text]])).rows == [(1, [text])]


def test_more_than_can_be_brought_in_is_not_taken_out():
    with pytest.raises(Unwritable, match="Filter the list"):
        check_count(MAX_ROWS + 1)


# --------------------------------------------------------------------- of the record


def exported(code: str, form="csv") -> bytes:
    resource = resource_named(code)
    out = io.BytesIO()
    pks = list(resource.model.objects.order_by("pk").values_list("pk", flat=True))
    write_file(out, rows_of(resource, pks), form)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("code", resource_codes())
def test_list_of_anything_comes_in_again_unchanged(code, form):
    model = resource_named(code).model
    for _ in range(1 if code == "evidence_only_hosts" else 2):
        enrich(fresh(model), 2)

    batch = written(exported(code, form), code)

    assert counts(batch) == (0, 0, model.objects.count())


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_numbers_come_in_again_unchanged(form):
    for number in (0, 1, 1000, 1234, 1_234_567):
        seminars.seminar(reported_participants=number, hours=Decimal("1234.5"))

    batch = checked(exported("seminars", form))

    assert batch.errors == []
    assert counts(batch) == (0, 0, 5)


@pytest.mark.django_db
def test_published_records_come_in_again_unchanged():
    states.published(enrich(seminars.seminar(), 2))

    assert counts(checked(exported("seminars"))) == (0, 0, 1)


@pytest.mark.django_db
@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(title=READABLE.filter(str.strip), venue=READABLE, subjects=READABLE)
@example("'=1;2", " ２０１８年９月；", "a;b\r\n c\n\n")
@example("a\u2028b\u200b\nc", "\u200b", "a\u2028b\x85c")
def test_record_with_any_text_comes_in_again_unchanged(title, venue, subjects):
    Seminar.objects.all().delete()
    seminars.seminar(
        "SEM-0001",
        title_en=title,
        venue_as_recorded=venue,
        subjects_en=subjects,
        subjects_zh_hans=subjects,
    )
    before = list(Seminar.objects.values())

    for form in ("xlsx", "csv"):
        batch = written(exported("seminars", form))
        assert counts(batch) == (0, 0, 1)

    assert list(Seminar.objects.values()) == before


@pytest.mark.django_db
def test_row_that_is_changed_keeps_what_its_cells_cannot_say():
    seminars.seminar("SEM-0001", title_en="Old", subjects_en="one; two\nthree")
    content = exported("seminars").replace(b"Old", b"New")

    written(content)

    seminar = Seminar.objects.get()
    assert (seminar.title_en, seminar.subjects_en) == ("New", "one; two\nthree")


@pytest.mark.django_db
def test_export_takes_as_many_queries_for_three_rows_as_for_one(
    django_assert_num_queries,
):
    seminars.seminar()
    one = [Seminar.objects.get().pk]
    resource = resource_named("seminars")
    with django_assert_num_queries(3):
        list(rows_of(resource, one))
    records = [enrich(seminars.seminar(), 2) for _ in range(3)]

    with django_assert_num_queries(3):
        list(rows_of(resource, [record.pk for record in records]))


@pytest.mark.django_db
def test_file_with_its_errors_can_be_mended_and_brought_in():
    from portal.publishing.spreadsheets.error_sheets import rows_with_errors

    directory.country("VN")
    exchanges.mechanism()
    people.person()
    content = (
        "名单,,\n标题,范围,首日\n甲,外交,2018年13月\n乙,related,2018年9月\n"
    ).encode("gb18030")

    rows = list(rows_with_errors(checked(content)))

    assert rows[0] == [ERRORS_EN, "标题", "范围", "首日"]
    assert rows[1][0] == (
        "范围: Use one of these: prosecutors, related.\n"
        "首日: Write the day as YYYY-MM-DD, or leave it empty."
    )
    assert rows[2] == ["", "乙", "related", "2018年9月"]
    rows[1][2:] = ["prosecutors", "2018年12月"]
    assert counts(written(as_xlsx(rows))) == (2, 0, 0)
