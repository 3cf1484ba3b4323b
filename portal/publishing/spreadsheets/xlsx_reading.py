"""Reading the first sheet of an xlsx workbook as text, in bounded memory.

Our own reader, since openpyxl keeps a whole row before anyone can count its cells,
builds an object for each style, and leaves ``_x000D_`` in texts as it stands.
"""

from django.utils.translation import gettext as _

from portal.publishing.spreadsheets.number_formats import kind_of_format
from portal.publishing.spreadsheets.package import Package, Reader
from portal.publishing.spreadsheets.sheets import MAX_CELLS, Sheet, Unreadable
from portal.publishing.spreadsheets.strikes import (
    AS_STYLE,
    Runs,
    Struck,
    is_strike,
)
from portal.publishing.spreadsheets.xlsx_cells import Cells, unescaped, whole

# A workbook that has seen many copies may have tens of thousands of styles.
_MAX_STYLES = 100_000


def read_xlsx(content: bytes) -> Sheet:
    """The first visible sheet of the workbook; raises :class:`Unreadable`."""
    package = Package(content)
    workbook = _workbook_part(package)
    sheets, is_1904 = _sheets(package, workbook)
    relations = package.relations(workbook)
    parts = dict(relations.values())
    found = [(name, relations.get(key, ("", ""))) for name, key in sheets]
    pages = [(name, target) for name, (kind, target) in found if kind == "worksheet"]
    if not pages:
        raise Unreadable(_("The workbook has no sheet with cells."))
    texts = _texts(package, parts.get("sharedStrings", ""))
    formats, struck_styles = _styles(package, parts.get("styles", ""))
    cells = Cells(
        texts=texts.found,
        formats=formats,
        is_1904=is_1904,
        struck=Struck(styles=struck_styles, texts=texts.strikes),
    )
    name, target = pages[0]
    package.feed(target, cells.reader())
    sheet = cells.sheet()
    sheet.decisions.append(_("The sheet “%(name)s” was read.") % {"name": name})
    sheet.decisions += [
        _("The sheet “%(name)s” was not read.") % {"name": other}
        for other, _target in pages[1:]
    ]
    return sheet


def _workbook_part(package: Package) -> str:
    for kind, target in package.relations("").values():
        if kind == "officeDocument":
            return target
    return "xl/workbook.xml"


def _sheets(package: Package, workbook: str) -> tuple[list[tuple[str, str]], bool]:
    """(name, id of the relation) of each visible sheet; do days count from 1904?"""
    sheets: list[tuple[str, str]] = []
    dates = {"is_1904": False}

    def start(tag, attributes):
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            keys = [value for name, value in attributes.items() if name.endswith(" id")]
            name = unescaped(attributes.get("name", ""))
            sheets.append((name, keys[0] if keys else ""))
        elif tag == "workbookPr":
            dates["is_1904"] = attributes.get("date1904") in ("1", "true")

    package.feed(workbook, Reader(start))
    return sheets, dates["is_1904"]


class _Texts:
    """The texts that cells name by number; readings of characters are left out.

    ``strikes`` says of each whether its runs are struck out (see ``Runs``).
    """

    def __init__(self):
        self.found: list[str] = []
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
            if len(self.found) >= MAX_CELLS:
                raise Unreadable(_("The file has too many cells. Split it."))
            self.found.append(unescaped("".join(self._pieces)))
            self.strikes.append(self._runs.strike() if self._has_runs else AS_STYLE)

    def text(self, words: str) -> None:
        if self._is_text:
            self._pieces.append(words)
            if self._has_runs:
                self._runs.text(words)


def _texts(package: Package, part: str) -> _Texts:
    texts = _Texts()
    if part in package:
        package.feed(part, Reader(texts.start, texts.end, texts.text))
    return texts


class _Styles:
    """Of each style of cells its number format and whether its font is struck out."""

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
            number = whole(attributes.get("numFmtId"))
            self.codes[number] = attributes.get("formatCode", "")
        elif tag == "xf" and self._within == "cellXfs":
            if len(self.formats) < _MAX_STYLES:
                self.formats.append(whole(attributes.get("numFmtId")))
                self.fonts.append(whole(attributes.get("fontId")))
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
        """The styles of which the font is struck out."""
        if not self._struck_fonts:
            return set()
        fonts = enumerate(self.fonts)
        return {style for style, font in fonts if font in self._struck_fonts}


def _styles(package: Package, part: str) -> tuple[list[str], set[int]]:
    """How each style shows a number (see ``kind_of_format``), and those struck out."""
    styles = _Styles()
    if part not in package:
        return [], set()
    package.feed(part, Reader(styles.start, styles.end))
    codes = styles.codes
    kinds = {
        number: kind_of_format(number, codes.get(number, ""))
        for number in styles.formats
    }
    return [kinds[number] for number in styles.formats], styles.struck()
