"""Writing an xlsx workbook of one sheet in which every cell is text, as it was given.

Our own writer: a text cell is never taken for a number, a date or a formula, and what
XML would lose (a carriage return) is written as ECMA-376 says (22.9.2.19).
"""

import re
import zipfile
from collections.abc import Iterable
from typing import BinaryIO
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

# What a cell holds at most, in UTF-16 units as Excel counts them.
MAX_TEXT = 32_767
_TEXT_STYLE = 1
# What no XML can hold, and halves of a sign that no text holds.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# The same rows give the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
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
    # Format 49 is text: what a clerk types into a cell stays as it is typed.
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


class Unwritable(ValueError):
    """A value that a cell of an xlsx file cannot hold; the message says which."""


def write_xlsx(out: BinaryIO, rows: Iterable[list[str]]) -> None:
    """Write ``rows``, headings first. Raises :class:`Unwritable`."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _PARTS.items():
            package.writestr(_part(name), _HEAD + text)
        with package.open(_part("xl/worksheets/sheet1.xml"), "w") as sheet:
            _write_sheet(sheet, rows)


def _write_sheet(sheet, rows: Iterable[list[str]]) -> None:
    columns = '<cols><col min="1" max="200" width="20" style="1"/></cols>'
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    views = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    sheet.write(
        f'{_HEAD}<worksheet xmlns="{_MAIN}">{views}{columns}<sheetData>'.encode()
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
    problem = problem_of(value)
    if problem:
        name = names[position] if position < len(names) else ""
        raise Unwritable(
            _("Row %(row)s, column %(column)s: %(problem)s Choose csv.")
            % {"row": number, "column": name, "problem": problem}
        )
    return (
        f'<c r="{letters(position)}{number}" s="{_TEXT_STYLE}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_written(value)}</t></is></c>'
    )


def problem_of(value: str) -> str:
    """Why an xlsx cell cannot hold ``value``, "" when it can."""
    if len(value) > MAX_TEXT // 2 and len(value.encode("utf-16-le", "replace")) > (
        2 * MAX_TEXT
    ):
        return _(
            "the text is longer than the %(most)s characters that a cell holds."
        ) % {"most": MAX_TEXT}
    if _ILLEGAL.search(value):
        return _("the text has a control character that a cell cannot hold.")
    return ""


def letters(position: int) -> str:
    """The column as spreadsheets call it: A, B … AA; the first is 0."""
    found = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _written(value: str) -> str:
    plain = _LIKE_ESCAPED.sub("_x005F_", value)
    return escape(plain).replace("\r", "_x000D_")


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _DATE)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part
