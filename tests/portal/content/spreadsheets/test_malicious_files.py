"""Malicious files are rejected before they use much memory or time.

Each file has a few kilobytes but would expand to gigabytes or take hours to read.
``tracemalloc`` measures the memory; the time is limited by the amount of data read.
"""

import io
import random
import tracemalloc
import zipfile
from contextlib import suppress

import pytest

from portal.content.spreadsheets import xlsx_cells, xlsx_package
from portal.content.spreadsheets.reading import check_size, read_sheet
from portal.content.spreadsheets.sheet import MAX_BYTES, UnreadableSpreadsheetError
from tests.portal.content.spreadsheets.import_helpers import package_of, xlsx_of

MOST_MEMORY = 60 * 1024 * 1024


def refused(content: bytes) -> str:
    """Return the reason for which the file is rejected.

    Fails the test if the file is accepted or takes too much memory.
    """
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableSpreadsheetError) as error:
            read_sheet(content, lambda sheet: 0)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY
    return str(error.value)


def with_part(name: str, text="x") -> bytes:
    return package_of({name: text})


def test_zip_bomb_is_refused_by_its_directory():
    bomb = package_of({"xl/media/image1.bmp": " " * 6_000_000})

    assert len(bomb) < 10_000
    assert (
        "The file is too large when unpacked. Save only the rows that you need."
    ) in refused(bomb)


def test_total_uncompressed_size_is_limited(monkeypatch):
    monkeypatch.setattr(xlsx_package, "MAX_UNPACKED", 100_000)
    half = " " * 70_000
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

    assert (
        "The file is too large when unpacked. Save only the rows that you need."
    ) in refused(bomb)


def test_excessive_whitespace_yields_empty_sheet():
    # Random, because a part that compresses to almost nothing is refused unread.
    line = "".join(random.choices(" \t\n", k=50_000))  # noqa: S311 no secret
    blanks = line * 400

    sheet = read_sheet(package_of(sheet=blanks), lambda sheet: 1)

    assert sheet.rows == []


def test_false_declared_size_is_not_exceeded():
    valid = package_of(sheet="<row><c><v>1</v></c></row>" * 1000)
    name = b"xl/worksheets/sheet1.xml"
    at = valid.rindex(name) - 46
    forged = valid[: at + 24] + (50).to_bytes(4, "little") + valid[at + 28 :]

    assert "damaged" in refused(forged)


def test_million_columns_are_refused():
    cells = "".join('<c t="b"><v>1</v></c>' for _ in range(250))

    assert "more than 200 columns" in refused(package_of(sheet=f"<row>{cells}</row>"))


def test_cell_beyond_column_limit_is_rejected():
    far = '<row r="1"><c r="XFD1"><v>1</v></c></row>'

    assert "more than 200 columns" in refused(package_of(sheet=far))


def test_million_cells_without_a_value_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx_cells, "_MAX_ELEMENTS", 100_000)

    assert "too many cells" in refused(package_of(sheet="<row>" + "<c/>" * 200_000))


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx_cells, "MAX_ROWS", 100)

    reason = refused(package_of(sheet="<row><c><v>1</v></c></row>" * 101))

    assert reason == ("The sheet has more than 100 rows. Split it into several files.")


def test_csv_with_too_many_rows_is_rejected(monkeypatch):
    from portal.content.spreadsheets import csv_reading

    monkeypatch.setattr(csv_reading, "MAX_ROWS", 100)

    assert "more than 100 rows" in refused(b"1\n" * 101)


def test_csv_with_too_many_columns_is_rejected():
    assert "more than 200 columns" in refused(b"1," * 1_000_000)


def test_overlapping_merged_cells_are_bounded():
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
def test_xml_entities_are_rejected_in_every_part(declared):
    content = package_of({"xl/worksheets/sheet1.xml": f"{declared}<worksheet/>"})

    assert (
        "The file contains its own XML declarations. Save it as xlsx again."
    ) in refused(content)


def test_xml_entities_in_other_encoding_are_rejected():
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "h">]><x/>'
    content = package_of({"xl/worksheets/sheet1.xml": text.encode("utf-16")})

    assert (
        "The file contains its own XML declarations. Save it as xlsx again."
    ) in refused(content)


def test_deep_nesting_is_refused():
    assert "damaged" in refused(package_of(sheet="<a>" * 1_000_000))


def test_endless_xml_tag_is_rejected():
    attributes = "".join(f' a{number}="1"' for number in range(300_000))

    assert "damaged" in refused(package_of(sheet=f"<c{attributes}/>"))


def test_oversized_zip_directory_is_rejected_unread():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for number in range(10_000):
            parts.writestr(f"xl/worksheets/{number}.xml", "")

    assert "too many parts" in refused(out.getvalue())


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (
            "xl/vbaProject.bin",
            "The file contains macros. Save it as xlsx without macros.",
        ),
        (
            "xl/macrosheets/sheet1.xml",
            "The file contains macros. Save it as xlsx without macros.",
        ),
        (
            "xl/activeX/activeX1.xml",
            "The file contains macros. Save it as xlsx without macros.",
        ),
        (
            "xl/externalLinks/externalLink1.xml",
            (
                "The file takes values from other files. Paste them as "
                "values and break the links."
            ),
        ),
        (
            "xl/connections.xml",
            (
                "The file takes values from other files. Paste them as "
                "values and break the links."
            ),
        ),
        (
            "xl/queryTables/queryTable1.xml",
            (
                "The file takes values from other files. Paste them as "
                "values and break the links."
            ),
        ),
        (
            "xl/embeddings/oleObject1.bin",
            ("The file contains other files. Remove them and save the file again."),
        ),
        (
            "xl/other/oleObject1.bin",
            ("The file contains other files. Remove them and save the file again."),
        ),
    ],
)
def test_workbook_with_active_content_is_rejected(part, message):
    assert message in refused(with_part(part))


def test_hyperlinks_are_not_treated_as_external_links():
    def link(sheet):
        sheet["A2"].hyperlink = "https://example.org/report"

    content = xlsx_of(("source_urls",), ("https://example.org/report",), change=link)

    assert len(read_sheet(content, lambda sheet: 1).rows) == 2


def test_encrypted_parts_are_refused_as_a_password():
    content = bytearray(package_of(sheet="<row><c><v>1</v></c></row>"))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.rindex(signature) + offset] |= 1

    assert "has a password" in refused(bytes(content))


@pytest.mark.parametrize("encoding", ["gb2312", "none-such"])
def test_unknown_encoding_of_a_part_is_refused_as_damage(encoding):
    part = f'<?xml version="1.0" encoding="{encoding}"?><worksheet/>'

    assert "damaged" in refused(package_of({"xl/worksheets/sheet1.xml": part}))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "in the old xls format"),
        (
            b"%PDF-1.7 ...",
            ("The file must be xlsx or csv. Save it in one of these formats."),
        ),
        (
            b"\x89PNG\r\n\x1a\n...",
            ("The file must be xlsx or csv. Save it in one of these formats."),
        ),
        (
            b"<name>A</name>",
            ("The file must be xlsx or csv. Save it in one of these formats."),
        ),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (
            b"PK\x05\x06" + b"\0" * 18,
            ("The file must be xlsx or csv. Save it in one of these formats."),
        ),
    ],
)
def test_unsupported_file_type_is_rejected(content, message):
    assert message in refused(content)


def test_zip_without_workbook_is_rejected():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("letter.txt", "")

    assert "The file is not an xlsx workbook. Save it as xlsx or csv." in refused(
        out.getvalue()
    )


@pytest.mark.parametrize("at", range(0, 1_000, 37))
def test_damaged_workbook_error_has_message(at):
    content = xlsx_of(("title_zh",), ("A",))
    broken = content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :]

    # Some damage is harmless; an exception other than Unreadable fails the test.
    with suppress(UnreadableSpreadsheetError):
        assert read_sheet(broken, lambda sheet: 1).rows


def test_large_file_is_refused_unread():
    with pytest.raises(UnreadableSpreadsheetError, match="bytes or smaller"):
        check_size(MAX_BYTES + 1)
