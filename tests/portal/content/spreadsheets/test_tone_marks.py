"""Workbooks with escaped characters, and with hidden or struck-out rows."""

import io

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from portal.content.spreadsheets.reading import read_sheet
from portal.content.spreadsheets.sheet import Sheet, number_ranges
from portal.content.spreadsheets.xlsx_writing import column_letters
from tests.portal.content.spreadsheets.import_helpers import package_of, xlsx_of

STRUCK = Font(strike=True)
NAME = "李_xD842__xDFB7_"


def read_plain(content: bytes) -> Sheet:
    return read_sheet(content, lambda sheet: 0)


def with_texts(*texts: str) -> bytes:
    """Build a workbook with one shared string in each row.

    Each text is the XML content of an ``si`` element.
    """
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    cells = "".join(
        f'<row><c t="s"><v>{number}</v></c></row>' for number in range(len(texts))
    )
    relations = (
        f'<Relationships><Relationship Id="r1" Type="{office}/worksheet"'
        ' Target="worksheets/sheet1.xml"/><Relationship Id="r2"'
        f' Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    shared = "".join(f"<si>{text}</si>" for text in texts)
    parts = {
        "xl/_rels/workbook.xml.rels": relations,
        "xl/sharedStrings.xml": f"<sst>{shared}</sst>",
    }
    return package_of(parts, sheet=cells)


# ----------------------------------------------------------------- escaped characters


def test_escaped_characters_are_read_wherever_a_text_is_kept():
    run = "<r><t>李_xD842_</t></r><r><t>_xDFB7_</t></r>"
    shared = with_texts(f"<t>{NAME}</t>", run)
    inline = package_of(
        sheet=f'<row r="1"><c t="inlineStr"><is><t>{NAME}</t></is></c></row>'
        f'<row r="2"><c t="inlineStr"><is>{run}</is></c></row>'
        f'<row r="3"><c t="str"><f>A1</f><v>{NAME}</v></c></row>'
    )

    assert [cells for _row, cells in read_plain(shared).rows] == [["李𠮷"]] * 2
    assert [cells for _row, cells in read_plain(inline).rows] == [["李𠮷"]] * 3


def test_escaped_line_ends_and_escaped_escapes_are_read():
    cases = (
        ("a_x000D__x000A_b", "a\r\nb"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x005f_xD842_", "_xD842_"),
        ("x_x00e9_", "xé"),
        ("_x20AC", "_x20AC"),
        ("_xZZZZ_", "_xZZZZ_"),
    )
    for written, expected in cases:
        assert read_plain(with_texts(f"<t>{written}</t>")).rows[0][1] == [expected]


def test_half_a_surrogate_pair_is_read_as_replacement_character():
    """``check_readable`` rejects the cell when the import is checked."""
    for written, expected in (
        ("李_xD842_", "李\ufffd"),
        ("_xDFB7_李", "\ufffd李"),
        ("李_xDFB7__xD842_", "李\ufffd\ufffd"),
        ("李_x0000_", "李\ufffd"),
        ("李\ufffd", "李\ufffd"),
    ):
        sheet = read_plain(with_texts("<t>name</t>", f"<t>{written}</t>"))

        assert sheet.rows == [(1, ["name"]), (2, [expected])]


def test_texts_read_as_openpyxl_reads_what_it_has_written():
    texts = ("李四", "𠮷野", "a\nb", " x ", "'", "_x", "<&>", "Nguyễn Thị Hồng")
    content = xlsx_of(*[(text, f"{text}!") for text in texts])

    assert [cells for _row, cells in read_plain(content).rows] == _cells_of(content)


def _cells_of(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(content)).active
    return [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


# ------------------------------------------------------- hidden and struck-out rows


def marked(change, count=9) -> list[tuple[list[int], str]]:
    """Return the warnings of a sheet of ``count`` rows modified by ``change``."""
    rows = [("name", "scope", "no"), *[(f"N{n}", "x", n) for n in range(2, count + 1)]]
    sheet = read_plain(xlsx_of(*rows, change=change))
    assert len(sheet.rows) == count
    return sheet.warnings


def test_hidden_rows_are_read_and_named():
    def hide(sheet):
        for row in (4, 5, 6, 7, 9, 12):
            sheet.row_dimensions[row].hidden = True

    assert marked(hide) == [
        (
            [4, 5, 6, 7, 9],
            ("Rows 4–7, 9 are hidden in the workbook. They have been included."),
        )
    ]


def test_rows_that_a_filter_hides_are_named():
    def filter_rows(sheet):
        sheet.auto_filter.ref = "A1:C9"
        sheet.auto_filter.add_filter_column(0, ["N2"])
        sheet.row_dimensions[3].hidden = True

    assert marked(filter_rows) == [
        ([3], "Row 3 is hidden in the workbook. It has been included.")
    ]


def test_hidden_columns_with_values_are_named_by_letter():
    def hide(sheet):
        for column in "BCH":
            sheet.column_dimensions[column].hidden = True

    assert marked(hide) == [
        ([], ("Columns B–C are hidden in the workbook. They have been included."))
    ]


def test_rows_of_which_nearly_all_cells_are_struck_out_are_named():
    def strike(sheet):
        for address in ("A3", "B3", "C3", "A5", "B7", "A8", "B8", "D8"):
            sheet[address].font = STRUCK
        sheet["D8"] = "cancelled"
        sheet["C9"].font = Font(strike=False)

    assert marked(strike) == [
        (
            [3, 8],
            ("Rows 3, 8 are crossed out in the workbook. They have been included."),
        )
    ]


def test_text_of_which_all_runs_are_struck_out_counts_as_struck_out():
    struck, plain = InlineFont(strike=True), InlineFont(b=True)
    off = InlineFont(strike=False)
    book = Workbook()
    sheet = book.active
    for runs in (
        (TextBlock(struck, "李"), TextBlock(struck, "四")),
        (TextBlock(struck, "李"), TextBlock(plain, "四")),
        (TextBlock(struck, "李"), "四"),
        ("李四", TextBlock(struck, " ")),
        (TextBlock(off, "李"), TextBlock(off, "四")),
    ):
        sheet.append([CellRichText(*runs)])
    # The runs have their own font, so the font of the cell is ignored.
    sheet["A5"].font = STRUCK
    out = io.BytesIO()
    book.save(out)

    assert [numbers for numbers, _text in read_plain(out.getvalue()).warnings] == [[1]]


def test_struck_runs_of_shared_texts_are_seen():
    run = "<r><rPr>{}</rPr><t>李四</t></r>"
    content = with_texts(
        run.format("<strike/>"),
        run.format('<strike val="0"/>'),
        run.format('<strike val="1"/><b/>') + '<rPh sb="0" eb="1"><t>x</t></rPh>',
        "<t>李四</t>",
    )

    assert [numbers for numbers, _text in read_plain(content).warnings] == [[1, 3]]


def test_workbook_without_marks_has_no_warnings():
    def change(sheet):
        sheet.row_dimensions[3].hidden = False
        sheet.row_dimensions[40].hidden = True
        sheet.column_dimensions["J"].hidden = True
        sheet["A3"].font = Font(bold=True)
        sheet["E40"].font = STRUCK

    assert marked(change) == []


def test_many_hidden_rows_are_named_in_a_short_sentence():
    def hide(sheet):
        for row in range(3, 200, 2):
            sheet.row_dimensions[row].hidden = True

    [(numbers, text)] = marked(hide, count=200)

    assert len(numbers) == 99
    assert len(text) < 200
    assert "39, 41, … are hidden" in text


def test_numbers_are_shown_in_short_ranges():
    assert number_ranges([]) == ""
    assert number_ranges([12, 4, 5, 7, 6, 4]) == "4–7, 12"
    assert number_ranges([1, 2]) == "1–2"
    assert number_ranges([0, 2, 3, 26], column_letters) == "A, C–D, AA"
    assert number_ranges([1, 3, 5], limit=2) == "1, 3, …"
