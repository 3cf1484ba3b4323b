"""Cells of CSV and xlsx files are read as the text that office programs show."""

import codecs
import datetime as dt

import pytest
from openpyxl.styles import numbers

from portal.content.spreadsheets.headings import count_headings, find_table
from portal.content.spreadsheets.reading import read_sheet
from portal.content.spreadsheets.registry import get_resource
from portal.content.spreadsheets.sheet import Sheet, UnreadableSpreadsheetError
from tests.portal.content.spreadsheets.import_helpers import csv_of, package_of, xlsx_of


def read_seminars(content: bytes) -> Sheet:
    seminars = get_resource("seminars")
    return read_sheet(content, lambda sheet: count_headings(seminars, sheet))


def cells(content: bytes) -> list[list[str]]:
    return [row for _number, row in read_seminars(content).rows]


def table(*rows, change=lambda sheet: None):
    sheet = read_seminars(xlsx_of(*rows, change=change))
    return find_table(get_resource("seminars"), sheet, "rows.xlsx")


# ------------------------------------------------------------------------------ csv

TEXT = "title_zh,scope\n研修班,related\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode(),
    ],
)
def test_csv_is_read_in_every_encoding_and_with_every_separator(content):
    assert cells(content) == [["title_zh", "scope"], ["研修班", "related"]]


def test_csv_separator_is_detected_from_headings():
    content = b"title_zh;topic_keys\nA;a,b\n"

    assert cells(content) == [["title_zh", "topic_keys"], ["A", "a,b"]]


def test_csv_strips_one_protective_apostrophe():
    content = csv_of(("title_zh", "venue"), ("'=1+1", "''x"), ("'t Hooft", "'-"))

    assert cells(content)[1:] == [["=1+1", "'x"], ["'t Hooft", "-"]]


def test_csv_keeps_line_breaks_and_quotes_in_cells():
    content = b'title_zh,scope\r\n"A ""B""\nC",related\r\n'

    assert cells(content)[1:] == [['A "B"\nC', "related"]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'title_zh,scope\n"A" b,related\n', "Line 2 has a quotation mark"),
        (
            b"\xff\xff\xff",
            (
                "The file is not xlsx, and its text encoding was not "
                "recognised. Accepted encodings:"
            ),
        ),
        (
            b"title_zh\0",
            (
                "The file is not xlsx, and its text encoding was not "
                "recognised. Accepted encodings:"
            ),
        ),
        (b"", "The selected file is empty. Choose another file."),
    ],
)
def test_unreadable_csv_is_rejected_with_reason(content, message):
    with pytest.raises(UnreadableSpreadsheetError, match=message):
        read_seminars(content)


# ----------------------------------------------------------------------------- xlsx


def test_xlsx_cells_are_read_as_displayed():
    def formats(sheet):
        sheet["D2"].number_format = numbers.FORMAT_DATE_XLSX14
        sheet["E2"].number_format = 'yyyy"年"m"月"'
        sheet["F2"].number_format = "yyyy"

    day = dt.datetime.fromisoformat("2018-09-01")
    row = ("研修班", 12, 0.1 + 0.2, day, day, day, True, "  x ", None, 1e21)

    rows = cells(xlsx_of(("title_zh", *"abcdefghi"), row, change=formats))

    assert rows[1] == [
        *("研修班", "12", "0.3", "2018-09-01", "2018-09", "2018", "TRUE", "  x ", ""),
        "1000000000000000000000",
    ]


def test_datetime_cell_keeps_time():
    rows = cells(
        xlsx_of(("title_zh",), (dt.datetime.fromisoformat("2018-09-01 09:30"),))
    )

    assert rows[1] == ["2018-09-01 09:30:00"]


def test_1904_date_system_is_supported():
    from openpyxl import Workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["title_zh"])
    book.active.append([dt.date(2018, 9, 3)])

    assert cells(_saved(book))[1] == ["2018-09-03"]


def test_only_the_first_visible_sheet_is_read_and_the_others_are_named():
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet("名单").append(["title_zh"])
    book.create_sheet("Other").append(["else"])

    sheet = read_seminars(_saved(book))

    assert sheet.decisions == [
        "The sheet “名单” was read.",
        "The sheet “Other” was not read.",
    ]
    assert sheet.rows == [(1, ["title_zh"])]


def _saved(book) -> bytes:
    import io

    out = io.BytesIO()
    book.active = 0
    book.save(out)
    return out.getvalue()


def test_trailing_empty_rows_and_columns_are_ignored():
    def blanks(sheet):
        sheet["XFD1"].number_format = "0"
        sheet["A1000"] = " "
        sheet["A1048576"] = ""

    sheet = read_seminars(xlsx_of(("title_zh",), ("A",), change=blanks))

    assert sheet.rows == [(1, ["title_zh"]), (2, ["A"])]


def test_formula_uses_cached_value_or_is_reported():
    rows = (
        '<row r="1"><c r="A1" t="str"><f>1</f><v>A</v></c><c r="B1"><f>1</f></c>'
        '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )

    sheet = read_seminars(package_of(sheet=rows))

    assert sheet.rows == [(1, ["A"])]
    assert [(cell.row, cell.column, cell.value) for cell in sheet.broken_cells] == [
        (1, 1, ""),
        (1, 2, "#DIV/0!"),
    ]


def test_phonetic_guides_are_ignored():
    rows = (
        '<row><c t="inlineStr"><is><r><t>東</t></r><r><t>京</t></r>'
        "<rPh><t>とう</t></rPh></is></c></row>"
    )

    assert read_seminars(package_of(sheet=rows)).rows == [(1, ["東京"])]


def test_escaped_xml_characters_are_decoded():
    rows = '<row><c t="inlineStr"><is><t>a_x000D_b_x005F_x0041_</t></is></c></row>'

    assert read_seminars(package_of(sheet=rows)).rows == [(1, ["a\rb_x0041_"])]


# ------------------------------------------------------------------------- headings


def test_headings_below_title_row_are_found():
    parsed = table(
        ("2018年研修班一览表", None, None),
        ("制表人：示例", None, None),
        ("序号", "标题（简体中文）", "范围"),
        (1, "研修班", "related"),
    )

    assert [position.column.header for position in parsed.columns] == [
        "title_zh",
        "scope",
    ]
    assert parsed.rows == [(4, ["1", "研修班", "related"])]
    assert parsed.errors == []


def test_merged_two_row_headings_are_combined():
    def merge(sheet):
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    parsed = table(
        ("标题", "日期", None),
        (None, "首日", "末日"),
        ("研修班", "2018-09-03", "2018-09-05"),
        change=merge,
    )

    assert [position.column.header for position in parsed.columns] == [
        *("title_zh", "starts_on", "ends_on")
    ]
    assert [number for number, _cells in parsed.rows] == [3]


def test_vertically_merged_cells_repeat_value():
    parsed = table(
        ("title_zh", "scope"),
        ("A", "related"),
        ("B", None),
        change=lambda sheet: sheet.merge_cells("B2:B3"),
    )

    assert [row[1] for _number, row in parsed.rows] == ["related", "related"]


def test_column_headings_are_unique_in_both_languages():
    from portal.content.spreadsheets.headings import get_chinese_heading, map_headings
    from portal.content.spreadsheets.registry import get_resource_codes

    for code in get_resource_codes():
        resource = get_resource(code)
        chinese = [get_chinese_heading(resource, column) for column in resource.columns]
        known = map_headings(resource)
        assert len(set(chinese)) == len(chinese), code
        assert not any(name.isascii() and name != "ISO代码" for name in chinese), code
        assert {id(column) for column in known.values()} == {
            id(column) for column in resource.columns
        }, code


def test_duplicate_and_missing_headings_are_reported():
    parsed = table(("title_zh", "标题", "颜色", None), ("A", "B", "red", "x"))

    assert [question.subject for question in parsed.questions] == ["颜色"]
    assert [(error.column, error.remedy) for error in parsed.errors] == [
        ("标题", "Use this column only once."),
        ("D", "Enter a heading for this column, or clear the column."),
    ]


def test_sheet_without_headings_is_refused():
    with pytest.raises(UnreadableSpreadsheetError, match="No row has the headings"):
        table(("A", "B"), ("C", "D"))
