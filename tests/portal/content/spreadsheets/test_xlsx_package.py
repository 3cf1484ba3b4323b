"""Part names in workbook packages, and rejection of other kinds of files."""

import io
import zipfile

import pytest

from portal.content.spreadsheets.reading import read_sheet
from portal.content.spreadsheets.sheet import UnreadableSpreadsheetError
from portal.core.files.office_packages import normalize_part_name
from tests.portal.content.spreadsheets.import_helpers import package_of, xlsx_of

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml"


def rows(content: bytes) -> list[list[str]]:
    return [cells for _number, cells in read_sheet(content, lambda sheet: 0).rows]


def renamed(content: bytes, rename) -> bytes:
    """Return the package with renamed parts; ``rename`` returns None to omit a part."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as original,
        zipfile.ZipFile(out, "w") as copy,
    ):
        for name in original.namelist():
            if new_name := rename(name):
                # ZipInfo replaces only os.sep, so backslashes are kept.
                copy.writestr(zipfile.ZipInfo(new_name), original.read(name))
    return out.getvalue()


def zip_of(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


def with_relations(*targets: tuple[str, str], parts: dict[str, str]) -> bytes:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    relations = f"<Relationships>{listed}</Relationships>"
    return package_of({"xl/_rels/workbook.xml.rels": relations, **parts})


def sheet_of(cells: str) -> str:
    return f"<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>"


WORKBOOK = xlsx_of(("title_zh", "scope"), ("研修班", "related"))


def test_parts_are_read_under_names_that_other_programs_write():
    for rename in (
        lambda name: name.replace("/", "\\"),
        lambda name: name.replace("sharedStrings", "SharedStrings"),
        str.upper,
        lambda name: f"/{name}",
        lambda name: name.replace("sheet1", "%73heet1"),
    ):
        content = renamed(WORKBOOK, rename)

        assert rows(content) == [["title_zh", "scope"], ["研修班", "related"]]


def test_targets_are_read_in_every_form():
    cell = '<c t="s"><v>0</v></c>'
    texts = "<sst><si><t>研修班</t></si></sst>"
    for sheet, strings in (
        ("/xl/worksheets/a 1.xml", "sharedStrings.xml"),
        ("worksheets/a%201.xml", "../xl/SharedStrings.xml"),
        ("./worksheets\\a 1.xml", "\\xl\\sharedstrings.xml"),
    ):
        content = with_relations(
            ("worksheet", sheet),
            ("sharedStrings", strings),
            parts={
                "xl/worksheets/a 1.xml": sheet_of(cell),
                "xl/sharedStrings.xml": texts,
            },
        )

        assert rows(content) == [["研修班"]], sheet


def test_two_parts_of_one_name_are_refused_as_damage():
    for second_name in ("xl\\worksheets\\sheet1.xml", "xl/worksheets/Sheet1.xml"):
        with pytest.raises(UnreadableSpreadsheetError, match="damaged"):
            rows(package_of({second_name: sheet_of("<c><v>1</v></c>")}))


def test_part_that_is_missing_is_refused_as_damage():
    content = renamed(WORKBOOK, lambda name: None if "sheet1" in name else name)

    with pytest.raises(UnreadableSpreadsheetError, match=r"damaged|no workbook"):
        rows(content)


def test_strict_workbook_is_read_with_its_days():
    office = f"{STRICT}/officeDocument/relationships"
    main = f"{STRICT}/spreadsheetml/main"
    cells = (
        '<c t="inlineStr"><is><t>研修班</t></is></c>'
        '<c t="d" s="1"><v>2018-09-03T00:00:00.000Z</v></c>'
        '<c t="d"><v>2018-09-03T09:30:00</v></c><c t="d" s="2"><v>2018-09-01</v></c>'
        '<c t="d"><v>1899-05-01</v></c><c t="d"><v>soon</v></c>'
    )
    styles = (
        f'<styleSheet xmlns="{main}"><numFmts><numFmt numFmtId="165"'
        ' formatCode="yyyy-mm"/></numFmts><cellXfs><xf/><xf numFmtId="14"/>'
        '<xf numFmtId="165"/></cellXfs></styleSheet>'
    )
    content = package_of(
        {
            "_rels/.rels": f'<Relationships><Relationship Id="r1"'
            f' Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1"'
            f' Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/>'
            "</Relationships>",
            "xl/styles.xml": styles,
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row>'
            f"{cells}</row></sheetData></worksheet>",
        }
    )

    assert rows(content) == [
        [
            *("研修班", "2018-09-03", "2018-09-03 09:30:00", "2018-09"),
            *("1899-05-01", "soon"),
        ]
    ]


def test_csv_under_the_name_of_a_workbook_is_read_by_its_content():
    assert rows(b"title_zh,scope\nA,related\n")[1] == ["A", "related"]


def test_name_of_a_part_is_compared_in_one_form():
    for written in ("xl/Sheet%201.xml", "\\XL\\sheet 1.XML", "/xl/sheet 1.xml"):
        assert normalize_part_name(written) == "xl/sheet 1.xml"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def compound_file(*streams: str) -> bytes:
    return OLE + b"".join(
        name.encode("utf-16-le").ljust(128, b"\0") for name in streams
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zip_of(xl__workbook_dot_bin="x"), "binary workbook (xlsb). Save it as xlsx."),
        (
            zip_of(xl__workbook_dot_bin="x", xl__worksheets__sheet1_dot_bin="x"),
            "binary workbook (xlsb). Save it as xlsx.",
        ),
        (zip_of(mimetype="x", content_dot_xml="x"), "OpenDocument file (such as ods)."),
        (zip_of(word__document_dot_xml="x"), "document or presentation. Choose a"),
        (zip_of(ppt__presentation_dot_xml="x"), "document or presentation. Choose a"),
        (
            zip_of(list_dot_xlsx="x"),
            ("The file is a zip archive. Unpack it and choose the file inside it."),
        ),
        (
            zip_of(list_dot_txt="x"),
            "The file is not an xlsx workbook. Save it as xlsx or csv.",
        ),
        (compound_file("EncryptionInfo", "EncryptedPackage"), "has a password."),
        (
            compound_file("Root Entry", "Workbook"),
            ("The file is in the old xls format. Open it and save it as xlsx."),
        ),
        (
            compound_file("Root Entry", "Book"),
            ("The file is in the old xls format. Open it and save it as xlsx."),
        ),
        (
            compound_file("Root Entry", "WordDocument"),
            ("The file must be xlsx or csv. Save it in one of these formats."),
        ),
        (
            b"<html><table></table></html>",
            (
                "The file is a web page, although its name has a different "
                "ending. Open it in a spreadsheet program and save it as "
                "xlsx."
            ),
        ),
        (
            b"\xef\xbb\xbf \n<META charset=x><TABLE>",
            (
                "The file is a web page, although its name has a different "
                "ending. Open it in a spreadsheet program and save it as "
                "xlsx."
            ),
        ),
        (
            "<table><tr><td>名单".encode("utf-16"),
            (
                "The file is a web page, although its name has a different "
                "ending. Open it in a spreadsheet program and save it as "
                "xlsx."
            ),
        ),
        (
            b"MIME-Version: 1.0\r\nX-Document-Type: Workbook",
            (
                "The file is a web page, although its name has a different "
                "ending. Open it in a spreadsheet program and save it as "
                "xlsx."
            ),
        ),
        (
            b'<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?>',
            "The file is an Excel 2003 XML workbook. Save it as xlsx.",
        ),
        (
            b'<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">',
            "The file is an Excel 2003 XML workbook. Save it as xlsx.",
        ),
    ],
)
def test_file_of_another_kind_is_refused_with_its_kind_and_the_remedy(content, reason):
    with pytest.raises(UnreadableSpreadsheetError) as error:
        rows(content)

    assert reason in str(error.value)
