"""Files made to do harm are refused by what they say, before they can do any.

Each is a few kilobytes that would be gigabytes, or hours. ``tracemalloc`` watches that
little memory is taken; how long it takes is bounded by what is read at all.
"""

import io
import tracemalloc
import zipfile
from contextlib import suppress

import pytest

from portal.publishing.spreadsheets import package, xlsx_cells
from portal.publishing.spreadsheets.reading import check_size, read_sheet
from portal.publishing.spreadsheets.sheets import MAX_BYTES, Unreadable
from tests.portal.publishing.office_sheets import package_of, xlsx_of

MOST_MEMORY = 60 * 1024 * 1024


def refused(content: bytes) -> str:
    """Why the file is refused; fails when it is not, or takes much memory."""
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable) as problem:
            read_sheet(content, lambda sheet: 0)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MOST_MEMORY
    return str(problem.value)


def with_part(name: str, text="x") -> bytes:
    return package_of({name: text})


def test_zip_bomb_is_refused_by_its_directory():
    bomb = package_of({"xl/worksheets/sheet1.xml": " " * (package.MAX_UNPACKED + 1)})

    assert len(bomb) < 100_000
    assert "unpacks to too much" in refused(bomb)


def test_parts_that_are_too_much_together_are_refused():
    half = " " * (package.MAX_UNPACKED * 2 // 3)
    relations = (
        '<Relationships><Relationship Id="r1" Type="x/worksheet"'
        ' Target="worksheets/sheet1.xml"/><Relationship Id="r2"'
        ' Type="x/sharedStrings" Target="strings.xml"/></Relationships>'
    )
    bomb = package_of(
        {
            "xl/_rels/workbook.xml.rels": relations,
            "xl/strings.xml": f"<sst>{half}</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet>{half}</worksheet>",
        }
    )

    assert "unpacks to too much" in refused(bomb)


def test_blanks_without_end_are_refused_or_nothing():
    blanks = " " * (50 * 1024 * 1024)

    sheet = read_sheet(package_of(sheet=blanks), lambda sheet: 1)

    assert sheet.rows == []


def test_size_that_a_part_lies_about_is_not_exceeded():
    honest = package_of(sheet="<row><c><v>1</v></c></row>" * 1000)
    name = b"xl/worksheets/sheet1.xml"
    at = honest.rindex(name) - 46
    lying = honest[: at + 24] + (50).to_bytes(4, "little") + honest[at + 28 :]

    assert "damaged" in refused(lying)


def test_million_columns_are_refused():
    cells = "".join('<c t="b"><v>1</v></c>' for _ in range(250))

    assert "more than 200 columns" in refused(package_of(sheet=f"<row>{cells}</row>"))


def test_cell_far_to_the_right_is_refused():
    far = '<row r="1"><c r="XFD1"><v>1</v></c></row>'

    assert "more than 200 columns" in refused(package_of(sheet=far))


def test_million_cells_without_a_value_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx_cells, "_MAX_ELEMENTS", 100_000)

    assert "too many cells" in refused(package_of(sheet="<row>" + "<c/>" * 200_000))


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx_cells, "MAX_ROWS", 100)

    told = refused(package_of(sheet="<row><c><v>1</v></c></row>" * 101))

    assert told == "The sheet has more than 100 rows. Split it into several."


def test_rows_that_csv_has_too_many_of_are_refused(monkeypatch):
    from portal.publishing.spreadsheets import csv_reading

    monkeypatch.setattr(csv_reading, "MAX_ROWS", 100)

    assert "more than 100 rows" in refused(b"1\n" * 101)


def test_columns_that_csv_has_too_many_of_are_refused():
    assert "more than 200 columns" in refused(b"1," * 1_000_000)


def test_merged_areas_that_overlap_do_not_multiply():
    merged = '<mergeCell ref="A1:A20000"/>' * 9_000
    rows = "<row><c><v>1</v></c></row>" * 1000
    content = package_of(
        {
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData>"
            f"<mergeCells>{merged}</mergeCells></worksheet>"
        }
    )

    assert len(read_sheet(content, lambda sheet: 1).rows) == 1000


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        "<!-- " + "x" * 10_000 + ' --><!DOCTYPE x [<!ENTITY a "ha">]>',
    ],
)
def test_entities_are_refused_wherever_they_are_declared(declared):
    content = package_of({"xl/worksheets/sheet1.xml": f"{declared}<worksheet/>"})

    assert "declares names of its own" in refused(content)


def test_entities_in_another_encoding_are_refused():
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "h">]><x/>'
    content = package_of({"xl/worksheets/sheet1.xml": text.encode("utf-16")})

    assert "declares names of its own" in refused(content)


def test_deep_nesting_is_refused():
    assert "damaged" in refused(package_of(sheet="<a>" * 1_000_000))


def test_tag_without_end_is_refused():
    attributes = "".join(f' a{number}="1"' for number in range(300_000))

    assert "damaged" in refused(package_of(sheet=f"<c{attributes}/>"))


def test_directory_of_a_hundred_thousand_parts_is_refused_unread():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for number in range(10_000):
            parts.writestr(f"xl/worksheets/{number}.xml", "")

    assert "too many parts" in refused(out.getvalue())


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("xl/vbaProject.bin", "holds macros"),
        ("xl/macrosheets/sheet1.xml", "holds macros"),
        ("xl/activeX/activeX1.xml", "holds macros"),
        ("xl/externalLinks/externalLink1.xml", "fetches values from other files"),
        ("xl/connections.xml", "fetches values from other files"),
        ("xl/queryTables/queryTable1.xml", "fetches values from other files"),
        ("xl/embeddings/oleObject1.bin", "holds other files"),
    ],
)
def test_workbook_with_more_than_cells_is_refused(part, told):
    assert told in refused(with_part(part))


def test_addresses_that_excel_makes_links_of_are_no_external_links():
    def link(sheet):
        sheet["A2"].hyperlink = "https://example.org/report"

    content = xlsx_of(("source_urls",), ("https://example.org/report",), change=link)

    assert len(read_sheet(content, lambda sheet: 1).rows) == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "an old xls"),
        (b"%PDF-1.7 ...", "neither xlsx nor csv"),
        (b"\x89PNG\r\n\x1a\n...", "neither xlsx nor csv"),
        (b"<name>A</name>", "neither xlsx nor csv"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"PK\x05\x06" + b"\0" * 18, "neither xlsx nor csv"),
    ],
)
def test_file_of_another_kind_is_refused(content, told):
    assert told in refused(content)


def test_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("letter.txt", "")

    assert "no workbook of the kind xlsx" in refused(out.getvalue())


@pytest.mark.parametrize("at", range(0, 1_000, 37))
def test_damaged_workbook_is_refused_with_a_line(at):
    whole = xlsx_of(("title_zh",), ("A",))
    broken = whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :]

    # Either it is read, or it is refused: nothing else may happen.
    with suppress(Unreadable):
        assert read_sheet(broken, lambda sheet: 1).rows


def test_large_file_is_refused_unread():
    with pytest.raises(Unreadable, match="the limit is"):
        check_size(MAX_BYTES + 1)
