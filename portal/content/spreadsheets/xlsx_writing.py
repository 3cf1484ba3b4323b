"""Writer of xlsx workbooks with one sheet in which every cell is text.

Text cells are never interpreted as numbers, dates or formulas. Characters that XML
would lose, such as a carriage return, are escaped as in ECMA-376, 22.9.2.19.
"""

import re
import zipfile
from collections.abc import Iterable
from typing import BinaryIO
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

# Maximum length of a cell's text in UTF-16 code units, as Excel counts.
MAX_CELL_LENGTH = 32_767
_TEXT_STYLE = 1
# Characters that XML does not allow, and unpaired surrogates.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE_TEXT = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Fixed time stamp, so that the same rows give the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)
_XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        f' ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    # Format 49 is text: Excel does not convert what users type into these cells.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/>'
        '<name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill'
        ' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>'
        '</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0"'
        ' fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"'
        ' fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0"'
        ' fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
        "</cellStyles></styleSheet>"
    ),
}


class ExportError(ValueError):
    """Raised when a file cannot be exported; the message explains why."""


def write_xlsx(out: BinaryIO, rows: Iterable[list[str]]) -> None:
    """Write ``rows`` to ``out`` as an xlsx workbook, headings first.

    Raises ExportError.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _PARTS.items():
            package.writestr(_zip_entry(name), _XML_DECLARATION + text)
        with package.open(_zip_entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            _write_sheet(sheet, rows)


def _write_sheet(sheet, rows: Iterable[list[str]]) -> None:
    columns = '<cols><col min="1" max="200" width="20" style="1"/></cols>'
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    views = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    sheet.write(
        f'{_XML_DECLARATION}<worksheet xmlns="{_MAIN}">'
        f"{views}{columns}<sheetData>".encode()
    )
    names: list[str] = []
    for number, row in enumerate(rows, start=1):
        names = names or row
        cells = "".join(
            _cell(number, position, value, names)
            for position, value in enumerate(row)
            if value
        )
        sheet.write(f'<row r="{number}">{cells}</row>'.encode())
    sheet.write(b"</sheetData></worksheet>")


def _cell(number: int, position: int, value: str, names: list[str]) -> str:
    problem = find_cell_problem(value)
    if problem:
        name = names[position] if position < len(names) else ""
        raise ExportError(
            _("Row %(row)s, column %(column)s: %(problem)s Choose csv.")
            % {"row": number, "column": name, "problem": problem}
        )
    return (
        f'<c r="{column_letters(position)}{number}" s="{_TEXT_STYLE}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_escape_text(value)}</t></is></c>'
    )


def find_cell_problem(value: str) -> str:
    """Return why an xlsx cell cannot hold ``value``, "" if it can."""
    if len(value) > MAX_CELL_LENGTH // 2 and len(
        value.encode("utf-16-le", "replace")
    ) > (2 * MAX_CELL_LENGTH):
        return _(
            "the text is longer than the %(most)s characters that a cell holds."
        ) % {"most": MAX_CELL_LENGTH}
    if _ILLEGAL.search(value):
        return _("the text has a control character that a cell cannot hold.")
    return ""


def column_letters(position: int) -> str:
    """Return the letters of the column with index ``position``: A, B … AA."""
    letters = ""
    position += 1
    while position:
        position, remainder = divmod(position - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters


def _escape_text(value: str) -> str:
    escaped = _ESCAPE_LIKE_TEXT.sub("_x005F_", value)
    return escape(escaped).replace("\r", "_x000D_")


def _zip_entry(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _DATE)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part
