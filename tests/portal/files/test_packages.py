"""DOCX and XLSX: told by their parts, and refused with programs or tricks."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from portal.files import packages
from portal.files.examination import examine

_OFFICE = "application/vnd.openxmlformats-officedocument"
WORD = f"{_OFFICE}.wordprocessingml.document.main+xml"
EXCEL = f"{_OFFICE}.spreadsheetml.sheet.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def types(main=WORD, part="/word/document.xml", more="", before="") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>{more}'
        f'<Override PartName="{part}" ContentType="{main}"/></Types>'
    )


def package(parts: dict[str, str | bytes] | None = None, said: str | None = None):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("[Content_Types].xml", types() if said is None else said)
        for name, part in {"word/document.xml": "<w/>", **(parts or {})}.items():
            written.writestr(name, part)
    return content.getvalue()


def workbook() -> bytes:
    said = types(EXCEL, "/xl/workbook.xml")
    return package({"xl/workbook.xml": "<w/>"}, said)


def refused(content: bytes, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        examine(ContentFile(content))


@pytest.mark.parametrize(
    ("content", "ending", "media_type"),
    [
        (package(), ".docx", f"{_OFFICE}.wordprocessingml.document"),
        (workbook(), ".xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    ],
)
def test_document_is_told_by_its_main_part(content, ending, media_type):
    examined = examine(ContentFile(content))

    assert (examined.ending, examined.media_type) == (ending, media_type)
    assert examined.content.read() == content


def test_document_with_links_is_taken():
    link = f"{RELATIONS}/hyperlink"
    relations = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" Type="{link}" '
        'Target="https://example.org/" TargetMode="External"/></Relationships>'
    )

    assert examine(
        ContentFile(package({"word/_rels/document.xml.rels": relations}))
    ).ending == (".docx")


def test_other_packages_are_none_of_the_kinds():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        written.writestr("a.txt", "a")
    slides = types(f"{_OFFICE}.presentationml.presentation.main+xml")

    for other in (content.getvalue(), package(said=slides)):
        refused(other, "The file is none of these")


def test_main_part_has_to_be_there():
    refused(package(said=types(part="/word/other.xml")), "none of these")


@pytest.mark.parametrize(
    "content",
    [
        package({"word/vbaProject.bin": b"\xd0\xcf"}),
        package(said=types("application/vnd.ms-word.document.macroEnabled.main+xml")),
        package({"xl/macrosheets/sheet1.xml": "<m/>"}),
        package({"word/activeX/activeX1.xml": "<a/>"}),
        package({"word/embeddings/oleObject1.bin": b"\xd0\xcf"}),
        package({"word/embeddings/a.docm": b"PK"}),
        package(
            {
                "word/_rels/settings.xml.rels": (
                    f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" '
                    f'Type="{RELATIONS}/attachedTemplate" TargetMode="External" '
                    'Target="https://example.org/a.dotm"/></Relationships>'
                )
            }
        ),
    ],
)
def test_document_with_programs_is_refused(content):
    refused(content, "contains macros or other programs")


def test_template_of_the_writers_own_machine_is_let_be():
    relations = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" '
        f'Type="{RELATIONS}/attachedTemplate" TargetMode="External" '
        'Target="file:///C:/Normal.dotm"/></Relationships>'
    )
    content = package({"word/_rels/settings.xml.rels": relations})

    assert examine(ContentFile(content)).ending == ".docx"


def test_part_that_would_burst_is_refused():
    refused(package({"word/media/a.xml": bytes(6_000_000)}), "far too large")


def test_document_of_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(packages, "_MOST_PARTS", 2)

    refused(package({"a": "", "b": ""}), "far too large")


def test_document_of_too_many_bytes_is_refused(monkeypatch):
    monkeypatch.setattr(packages, "_MOST_BYTES", 100)

    refused(package({"a": "x" * 101}), "far too large")


def test_table_of_parts_is_not_read_when_it_is_too_long(monkeypatch):
    monkeypatch.setattr(packages, "_LONGEST_TABLE", 10)

    refused(package(), "far too large")


def test_parts_that_overlap_are_refused():
    """One packed part, named many times in the table: the quoted bomb."""
    content = bytearray(package({"word/media/a.bin": bytes(range(256)) * 40}))
    start = content.index(b"PK\x01\x02")
    table = content.rindex(b"PK\x01\x02")
    entry = bytes(content[table : content.index(b"PK\x05\x06")])
    copies = [
        entry.replace(b"media/a.bin", b"media/%d.bin" % number) for number in range(9)
    ]
    end = content[content.index(b"PK\x05\x06") :]
    whole = content[: content.index(b"PK\x05\x06")] + b"".join(copies)
    end[12:16] = (len(whole) - start).to_bytes(4, "little")
    end[8:10] = end[10:12] = (12).to_bytes(2, "little")

    refused(bytes(whole + end), "far too large")


def test_protected_document_is_refused():
    content = bytearray(package())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(sign) + place] |= 1

    refused(bytes(content), "without a password")


def test_two_parts_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = package({"[Content_Types].xml": types(EXCEL)})

    refused(content, "The document is damaged")


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04",
        package()[:-30],
        package(said="no XML"),
        package(said=types(before='<!DOCTYPE Types [<!ENTITY a "b">]>')),
        package(said=" " * 1_000_001),
        package().replace(b"PK\x01\x02", b"PK\x01\x09"),
    ],
)
def test_damaged_document_is_refused(content):
    refused(content, "The document is damaged")


def test_document_larger_than_its_kind_is_not_looked_into(settings):
    settings.FILE_KINDS = {"docx": 0, "mp4": 9}

    refused(package(), "the limit is 0")
