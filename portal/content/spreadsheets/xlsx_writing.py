"""Writer of xlsx workbooks whose cells are text.

Text cells are never interpreted as numbers, dates or formulas. Only a sheet for readers
has numeric cells, for values that are known to be numbers. Characters that XML would
lose, such as a carriage return, are escaped as in ECMA-376, 22.9.2.19.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from portal.content.spreadsheets.sheet import NumberText

# Maximum length of a cell's text in UTF-16 code units, as Excel counts.
MAX_CELL_LENGTH = 32_767
# Indexes of the cell formats in ``xl/styles.xml``.
_TEXT_STYLE, _HEADING_STYLE, _WRAPPED_STYLE, _NUMBER_STYLE = 1, 2, 3, 4
_DEFAULT_WIDTH = 20
_MAX_SHEET_NAME_LENGTH = 31
_ILLEGAL_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
# Excel's limit for the values of a drop-down list that are written in the sheet.
_MAX_LIST_LENGTH = 255
# Number of rows below the headings that have the drop-down lists.
_ROWS_WITH_LISTS = 2_000
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
# Format 49 is text: Excel does not convert what users type into these cells.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/>'
    '<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>'
    '</fonts><fills count="2"><fill><patternFill'
    ' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>'
    '</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0"'
    ' fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0"'
    ' fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0"'
    ' fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49"'
    ' fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"'
    ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf'
    ' numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
    ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf'
    ' numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="top"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)


class ExportError(ValueError):
    """Raised when a file cannot be exported; the message explains why."""


@dataclass(frozen=True)
class SheetLayout:
    """Name and appearance of a sheet.

    ``widths`` are the column widths in characters; further columns have the default
    width. A sheet ``is_for_readers`` has bold headings, wrapped lines, numbers as
    numbers, and prints in landscape format with the headings on each page. ``choices``
    are the values of drop-down lists by index of the column; other values can still be
    typed. A list that is too long for Excel is left out.
    """

    name: str = "Sheet1"
    widths: Sequence[int] = ()
    is_for_readers: bool = False
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)


_PLAIN_LAYOUT = SheetLayout()


def write_xlsx(
    out: BinaryIO, rows: Iterable[list[str]], layout: SheetLayout = _PLAIN_LAYOUT
) -> None:
    """Write ``rows`` to ``out`` as an xlsx workbook, headings first.

    Raises ExportError.
    """
    write_workbook(out, [(rows, layout)])


def write_workbook(
    out: BinaryIO, sheets: Sequence[tuple[Iterable[list[str]], SheetLayout]]
) -> None:
    """Write an xlsx workbook to ``out``, given the rows and the layout of each sheet.

    The first row of a sheet has the headings. Raises ExportError.
    """
    layouts = [layout for _rows, layout in sheets]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _build_parts(layouts).items():
            package.writestr(_zip_entry(name), _XML_DECLARATION + text)
        for number, (rows, layout) in enumerate(sheets, start=1):
            part = _zip_entry(f"xl/worksheets/sheet{number}.xml")
            with package.open(part, "w") as sheet:
                _write_sheet(sheet, rows, layout)


def _build_parts(layouts: Sequence[SheetLayout]) -> dict[str, str]:
    """Return the XML of all parts but the sheets, by name."""
    numbers = range(1, len(layouts) + 1)
    sheet_types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml"'
        f' ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    sheets = "".join(
        f"<sheet name={quoteattr(_sheet_name(layout))}"
        f' sheetId="{number}" r:id="rId{number}"/>'
        for number, layout in enumerate(layouts, start=1)
    )
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{index}">'
        f"'{escape(_sheet_name(layout))}'!$1:$1</definedName>"
        for index, layout in enumerate(layouts)
        if layout.is_for_readers
    )
    names = f"<definedNames>{titles}</definedNames>" if titles else ""
    relations = "".join(
        f'<Relationship Id="rId{number}"'
        f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml"'
            f' ContentType="{_TYPE}.sheet.main+xml"/>{sheet_types}'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
            "</Types>"
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>"
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>'
            f"{names}</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            f'<Relationship Id="rId{len(layouts) + 1}" Type="{_OFFICE}/styles"'
            ' Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": _STYLES,
    }


def _sheet_name(layout: SheetLayout) -> str:
    name = _ILLEGAL_IN_SHEET_NAME.sub(" ", layout.name)[:_MAX_SHEET_NAME_LENGTH]
    return name.strip() or _PLAIN_LAYOUT.name


def _write_sheet(sheet, rows: Iterable[list[str]], layout: SheetLayout) -> None:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    views = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    sheet.write(
        f'{_XML_DECLARATION}<worksheet xmlns="{_MAIN}">'
        f"{views}{_build_columns(layout)}<sheetData>".encode()
    )
    names: list[str] = []
    for number, row in enumerate(rows, start=1):
        names = names or row
        cells = "".join(
            _cell(number, position, value, names, layout)
            for position, value in enumerate(row)
            if value
        )
        sheet.write(f'<row r="{number}">{cells}</row>'.encode())
    setup = (
        '<pageSetup paperSize="9" orientation="landscape"/>'
        if layout.is_for_readers
        else ""
    )
    sheet.write(f"</sheetData>{_build_lists(layout)}{setup}</worksheet>".encode())


def _build_columns(layout: SheetLayout) -> str:
    columns = [
        f'<col min="{number}" max="{number}" width="{width}" style="{_TEXT_STYLE}"'
        ' customWidth="1"/>'
        for number, width in enumerate(layout.widths, start=1)
    ]
    rest = (
        f'<col min="{len(columns) + 1}" max="200" width="{_DEFAULT_WIDTH}"'
        f' style="{_TEXT_STYLE}"/>'
    )
    return f"<cols>{''.join(columns)}{rest}</cols>"


def _build_lists(layout: SheetLayout) -> str:
    """Return the XML of the drop-down lists, "" without any."""
    lists = []
    for position, values in layout.choices.items():
        text = ",".join(values)
        is_possible = not any("," in value or '"' in value for value in values)
        if is_possible and len(text) <= _MAX_LIST_LENGTH:
            letters = column_letters(position)
            lists.append(
                '<dataValidation type="list" allowBlank="1" showErrorMessage="0"'
                f' sqref="{letters}2:{letters}{_ROWS_WITH_LISTS + 1}">'
                f'<formula1>"{escape(text)}"</formula1></dataValidation>'
            )
    if not lists:
        return ""
    return f'<dataValidations count="{len(lists)}">{"".join(lists)}</dataValidations>'


def _cell(
    number: int, position: int, value: str, names: list[str], layout: SheetLayout
) -> str:
    problem = find_cell_problem(value)
    if problem:
        name = names[position] if position < len(names) else ""
        raise ExportError(
            _("Row %(row)s, column %(column)s: %(problem)s Export as csv instead.")
            % {"row": number, "column": name, "problem": problem}
        )
    place = f"{column_letters(position)}{number}"
    if layout.is_for_readers and isinstance(value, NumberText):
        return f'<c r="{place}" s="{_NUMBER_STYLE}"><v>{value}</v></c>'
    style = _TEXT_STYLE
    if layout.is_for_readers:
        style = _HEADING_STYLE if number == 1 else _WRAPPED_STYLE
    return (
        f'<c r="{place}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_escape_text(value)}</t></is></c>'
    )


def find_cell_problem(value: str) -> str:
    """Return why an xlsx cell cannot hold ``value``, "" if it can."""
    if len(value) > MAX_CELL_LENGTH // 2 and len(
        value.encode("utf-16-le", "replace")
    ) > (2 * MAX_CELL_LENGTH):
        return _(
            "the text is longer than %(most)s characters, the maximum for a cell."
        ) % {"most": MAX_CELL_LENGTH}
    if _ILLEGAL.search(value):
        return _("the text contains a control character that is not allowed in a cell.")
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
