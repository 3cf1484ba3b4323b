"""Reader of the first visible sheet of an xlsx workbook as text, in bounded memory.

Not openpyxl, which holds a whole row in memory before its cells can be counted, builds
an object for each style, and does not unescape ``_x000D_`` in texts.
"""

from django.utils.translation import gettext as _

from portal.content.spreadsheets.number_formats import classify_number_format
from portal.content.spreadsheets.sheet import (
    MAX_CELLS,
    Sheet,
    UnreadableSpreadsheetError,
)
from portal.content.spreadsheets.struck_out_cells import (
    AS_STYLE,
    Runs,
    Struck,
    is_strike,
)
from portal.content.spreadsheets.xlsx_cells import (
    CellHandler,
    parse_integer_attribute,
    unescape_text,
)
from portal.content.spreadsheets.xlsx_package import describe_problem, open_workbook
from portal.core.files.office_packages import (
    OfficePackage,
    UnsafePackageError,
    XmlReader,
)

# Workbooks with sheets copied many times can have tens of thousands of styles.
_MAX_STYLES = 100_000


def read_xlsx(content: bytes) -> Sheet:
    """Return the first visible sheet of the workbook.

    Raises UnreadableSpreadsheetError.
    """
    try:
        return _read_first_sheet(open_workbook(content))
    except UnsafePackageError as error:
        raise UnreadableSpreadsheetError(describe_problem(error.problem)) from error


def _read_first_sheet(package: OfficePackage) -> Sheet:
    workbook = _workbook_part(package)
    sheets, is_1904 = _sheets(package, workbook)
    relations = package.get_relationships(workbook)
    parts = dict(relations.values())
    targets = [(name, relations.get(key, ("", ""))) for name, key in sheets]
    pages = [(name, target) for name, (kind, target) in targets if kind == "worksheet"]
    if not pages:
        raise UnreadableSpreadsheetError(_("The workbook has no sheet with cells."))
    strings = _read_shared_strings(package, parts.get("sharedStrings", ""))
    formats, struck_styles = _styles(package, parts.get("styles", ""))
    cells = CellHandler(
        shared_strings=strings.texts,
        number_formats=formats,
        is_1904=is_1904,
        struck=Struck(styles=struck_styles, texts=strings.strikes),
    )
    name, target = pages[0]
    package.parse_part(target, cells.create_reader())
    sheet = cells.build_sheet()
    sheet.decisions.append(_("The sheet “%(name)s” was read.") % {"name": name})
    sheet.decisions += [
        _("The sheet “%(name)s” was not read.") % {"name": other}
        for other, _target in pages[1:]
    ]
    return sheet


def _workbook_part(package: OfficePackage) -> str:
    for kind, target in package.get_relationships("").values():
        if kind == "officeDocument":
            return target
    return "xl/workbook.xml"


def _sheets(
    package: OfficePackage, workbook: str
) -> tuple[list[tuple[str, str]], bool]:
    """Return the visible sheets and whether the workbook counts dates from 1904.

    Each sheet is a pair (name, relationship id).
    """
    sheets: list[tuple[str, str]] = []
    dates = {"is_1904": False}

    def start(tag, attributes):
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            keys = [value for name, value in attributes.items() if name.endswith(" id")]
            name = unescape_text(attributes.get("name", ""))
            sheets.append((name, keys[0] if keys else ""))
        elif tag == "workbookPr":
            dates["is_1904"] = attributes.get("date1904") in ("1", "true")

    package.parse_part(workbook, XmlReader(start))
    return sheets, dates["is_1904"]


class _SharedStringHandler:
    """Handler for shared strings; phonetic readings are left out.

    ``strikes`` holds the strikethrough state of the runs of each string (see ``Runs``).
    """

    def __init__(self):
        self.texts: list[str] = []
        self.strikes = bytearray()
        self._pieces: list[str] = []
        self._runs = Runs()
        self._is_text, self._has_runs, self._readings = False, False, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._is_text = tag == "t" and not self._readings
        if tag == "si":
            self._pieces.clear()
            self._has_runs = False
        elif tag == "rPh":
            self._readings += 1
        elif tag != "t":
            if not self._has_runs:
                self._runs.clear()
            self._has_runs = True
            self._runs.start(tag, attributes)

    def end(self, tag: str) -> None:
        self._is_text = False
        if tag == "rPh":
            self._readings -= 1
        elif tag == "si":
            if len(self.texts) >= MAX_CELLS:
                raise UnreadableSpreadsheetError(
                    _("The file has too many cells. Split it into several files.")
                )
            self.texts.append(unescape_text("".join(self._pieces)))
            self.strikes.append(self._runs.strike() if self._has_runs else AS_STYLE)

    def text(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)
            if self._has_runs:
                self._runs.text(text)


def _read_shared_strings(package: OfficePackage, part: str) -> _SharedStringHandler:
    texts = _SharedStringHandler()
    if part in package:
        package.parse_part(part, XmlReader(texts.start, texts.end, texts.text))
    return texts


class _Styles:
    """Handler for the number format and strikethrough of each cell style."""

    def __init__(self):
        self.formats: list[int] = []
        self.fonts: list[int] = []
        self.codes: dict[int, str] = {}
        self._struck_fonts: set[int] = set()
        self._font = -1
        self._within = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("cellXfs", "fonts"):
            self._within = tag
        elif tag == "numFmt":
            number = parse_integer_attribute(attributes.get("numFmtId"))
            self.codes[number] = attributes.get("formatCode", "")
        elif tag == "xf" and self._within == "cellXfs":
            if len(self.formats) < _MAX_STYLES:
                self.formats.append(parse_integer_attribute(attributes.get("numFmtId")))
                self.fonts.append(parse_integer_attribute(attributes.get("fontId")))
        elif self._within == "fonts":
            self._start_font(tag, attributes)

    def _start_font(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "font":
            self._font += 1
        elif is_strike(tag, attributes) and self._font < _MAX_STYLES:
            self._struck_fonts.add(self._font)

    def end(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""

    def struck(self) -> set[int]:
        """Return the indexes of the styles with a struck-out font."""
        if not self._struck_fonts:
            return set()
        fonts = enumerate(self.fonts)
        return {style for style, font in fonts if font in self._struck_fonts}


def _styles(package: OfficePackage, part: str) -> tuple[list[str], set[int]]:
    """Return the number format class of each style, and the struck-out styles.

    For the classes see ``classify_number_format``; styles are given by index.
    """
    styles = _Styles()
    if part not in package:
        return [], set()
    package.parse_part(part, XmlReader(styles.start, styles.end))
    codes = styles.codes
    kinds = {
        number: classify_number_format(number, codes.get(number, ""))
        for number in styles.formats
    }
    return [kinds[number] for number in styles.formats], styles.struck()
