"""DOCX and XLSX: type detection by their parts; rejected macros and bad archives."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from portal.core.files import office_packages
from portal.core.files.upload_validation import validate_upload

_OFFICE = "application/vnd.openxmlformats-officedocument"
WORD_CONTENT_TYPE = f"{_OFFICE}.wordprocessingml.document.main+xml"
EXCEL = f"{_OFFICE}.spreadsheetml.sheet.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def types(main=WORD_CONTENT_TYPE, part="/word/document.xml", more="", before="") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>{more}'
        f'<Override PartName="{part}" ContentType="{main}"/></Types>'
    )


def package(
    parts: dict[str, str | bytes] | None = None, content_type: str | None = None
):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", types() if content_type is None else content_type
        )
        for name, part in {"word/document.xml": "<w/>", **(parts or {})}.items():
            archive.writestr(name, part)
    return content.getvalue()


def workbook() -> bytes:
    content_types = types(EXCEL, "/xl/workbook.xml")
    return package({"xl/workbook.xml": "<w/>"}, content_types)


def refused(content: bytes, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        validate_upload(ContentFile(content))


@pytest.mark.parametrize(
    ("content", "ending", "media_type"),
    [
        (package(), ".docx", f"{_OFFICE}.wordprocessingml.document"),
        (workbook(), ".xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    ],
)
def test_document_type_is_detected_from_main_part(content, ending, media_type):
    examined = validate_upload(ContentFile(content))

    assert (examined.extension, examined.media_type) == (ending, media_type)
    assert examined.content.read() == content


def test_document_with_hyperlinks_is_accepted():
    link = f"{RELATIONS}/hyperlink"
    relations = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" Type="{link}" '
        'Target="https://example.org/" TargetMode="External"/></Relationships>'
    )

    assert validate_upload(
        ContentFile(package({"word/_rels/document.xml.rels": relations}))
    ).extension == (".docx")


def test_other_zip_packages_are_rejected():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        written.writestr("a.txt", "a")
    slides = types(f"{_OFFICE}.presentationml.presentation.main+xml")

    for package_content in (content.getvalue(), package(content_type=slides)):
        refused(
            package_content,
            ("The file type is not accepted. Save the file as one of these types:"),
        )


def test_package_without_main_part_is_rejected():
    refused(
        package(content_type=types(part="/word/other.xml")),
        ("The file type is not accepted. Save the file as one of these types:"),
    )


@pytest.mark.parametrize(
    "content",
    [
        package({"word/vbaProject.bin": b"\xd0\xcf"}),
        package(
            content_type=types("application/vnd.ms-word.document.macroEnabled.main+xml")
        ),
        package({"xl/macrosheets/sheet1.xml": "<m/>"}),
        package({"word/activeX/activeX1.xml": "<a/>"}),
        package({"word/embeddings/oleObject1.bin": b"\xd0\xcf"}),
        package({"word/embeddings/a.docm": b"PK"}),
        package({"word\\vba%50roject.bin": b"\xd0\xcf"}),
        package({"xl/dialogsheets/sheet1.xml": "<d/>"}),
        # The first of two types of the same part: programs differ in which they use.
        package(
            content_type=types(
                more='<Override PartName="/word/document.xml"'
                ' ContentType="application/vnd.ms-word.template.macroEnabled+xml"/>'
            )
        ),
        package(
            {
                "word/_rels/Settings.xml.rels": (
                    f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" '
                    f'Type="{RELATIONS}/attachedTemplate" TargetMode="External" '
                    'Target="https://example.org/a.dotm"/></Relationships>'
                )
            }
        ),
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
def test_document_with_active_content_is_rejected(content):
    refused(content, "contains macros or other programs")


def test_local_attached_template_is_accepted():
    relations = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" '
        f'Type="{RELATIONS}/attachedTemplate" TargetMode="External" '
        'Target="file:///C:/Normal.dotm"/></Relationships>'
    )
    content = package({"word/_rels/settings.xml.rels": relations})

    assert validate_upload(ContentFile(content)).extension == ".docx"


def test_part_with_excessive_compression_is_rejected():
    refused(
        package({"word/media/a.xml": bytes(6_000_000)}),
        "The document is too large when unpacked. Make it smaller.",
    )


def test_document_with_too_many_parts_is_rejected(monkeypatch):
    monkeypatch.setattr(office_packages, "_MAX_PARTS", 2)

    refused(
        package({"a": "", "b": ""}),
        "The document is too large when unpacked. Make it smaller.",
    )


def test_document_with_too_much_uncompressed_data_is_rejected(monkeypatch):
    monkeypatch.setattr(office_packages, "_MAX_UNPACKED_BYTES", 100)

    refused(
        package({"a": "x" * 101}),
        "The document is too large when unpacked. Make it smaller.",
    )


def test_oversized_zip_directory_is_rejected_unread():
    content = bytearray(package())
    end = content.rindex(b"PK\5\6")
    content[end + 12 : end + 16] = (2_000_001).to_bytes(4, "little")

    refused(bytes(content), "The document is too large when unpacked. Make it smaller.")


def test_overlapping_zip_entries_are_rejected():
    """The archive lists one compressed part many times: an overlapping zip bomb."""
    content = bytearray(package({"word/media/a.bin": bytes(range(256)) * 40}))
    start = content.index(b"PK\x01\x02")
    table = content.rindex(b"PK\x01\x02")
    entry = bytes(content[table : content.index(b"PK\x05\x06")])
    copies = [
        entry.replace(b"media/a.bin", b"media/%d.bin" % number) for number in range(9)
    ]
    end = content[content.index(b"PK\x05\x06") :]
    entries = content[: content.index(b"PK\x05\x06")] + b"".join(copies)
    end[12:16] = (len(entries) - start).to_bytes(4, "little")
    end[8:10] = end[10:12] = (12).to_bytes(2, "little")

    refused(
        bytes(entries + end),
        "The document is too large when unpacked. Make it smaller.",
    )


def test_encrypted_document_is_rejected():
    content = bytearray(package())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(sign) + place] |= 1

    refused(bytes(content), "without a password")


def test_duplicate_part_names_are_rejected():
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = package({"[Content_Types].xml": types(EXCEL)})

    refused(content, "The document is damaged")


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04",
        package()[:-30],
        package(content_type="no XML"),
        package(content_type=types(before='<!DOCTYPE Types [<!ENTITY a "b">]>')),
        package(content_type=" " * 1_000_001),
        package().replace(b"PK\x01\x02", b"PK\x01\x09"),
    ],
)
def test_damaged_document_is_refused(content):
    refused(content, "The document is damaged")


def test_oversized_document_is_rejected_without_inspection(settings):
    settings.UPLOAD_MAX_MIB = {"docx": 0, "mp4": 9}

    refused(package(), "must be 0 MiB or smaller")
