"""Reading the first sheet of an xlsx workbook as text, in bounded memory.

Our own reader, since openpyxl keeps a whole row before anyone can count its cells,
builds an object for each style, and leaves ``_x000D_`` in texts as it stands.
"""

from django.utils.translation import gettext as _

from portal.publishing.spreadsheets.number_formats import kind_of_format
from portal.publishing.spreadsheets.package import Package, Reader
from portal.publishing.spreadsheets.sheets import MAX_CELLS, Sheet, Unreadable
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
    cells = Cells(
        texts=_texts(package, parts.get("sharedStrings", "")),
        formats=_formats(package, parts.get("styles", "")),
        is_1904=is_1904,
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
            sheets.append((attributes.get("name", ""), keys[0] if keys else ""))
        elif tag == "workbookPr":
            dates["is_1904"] = attributes.get("date1904") in ("1", "true")

    package.feed(workbook, Reader(start))
    return sheets, dates["is_1904"]


class _Texts:
    """The texts that cells name by number; readings of characters are left out."""

    def __init__(self):
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._is_text, self._readings = False, 0

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._is_text = tag == "t" and not self._readings
        if tag == "si":
            self._pieces.clear()
        elif tag == "rPh":
            self._readings += 1

    def end(self, tag: str) -> None:
        self._is_text = False
        if tag == "rPh":
            self._readings -= 1
        elif tag == "si":
            if len(self.found) >= MAX_CELLS:
                raise Unreadable(_("The file has too many cells. Split it."))
            self.found.append(unescaped("".join(self._pieces)))

    def text(self, words: str) -> None:
        if self._is_text:
            self._pieces.append(words)


def _texts(package: Package, part: str) -> list[str]:
    texts = _Texts()
    if part in package:
        package.feed(part, Reader(texts.start, texts.end, texts.text))
    return texts.found


def _formats(package: Package, part: str) -> list[str]:
    """How the cells of each style show a number (see ``kind_of_format``)."""
    styles: list[int] = []
    codes: dict[int, str] = {}
    state = {"is_in_cells": False}
    if part not in package:
        return []

    def start(tag, attributes):
        if tag == "cellXfs":
            state["is_in_cells"] = True
        elif tag == "numFmt":
            codes[whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag == "xf" and state["is_in_cells"] and len(styles) < _MAX_STYLES:
            styles.append(whole(attributes.get("numFmtId")))

    def end(tag):
        if tag == "cellXfs":
            state["is_in_cells"] = False

    package.feed(part, Reader(start, end))
    kinds = {number: kind_of_format(number, codes.get(number, "")) for number in styles}
    return [kinds[number] for number in styles]
