"""PDFs with active content are rejected by a check in a separate process."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from portal.core.files import pdf_validation
from portal.core.files.upload_validation import validate_upload
from tests.factories.files import PDF


def written(writer: PdfWriter) -> bytes:
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def single_page() -> PdfWriter:
    writer = PdfWriter()
    writer.add_blank_page(90, 90)
    return writer


def action(**entries: str) -> DictionaryObject:
    """Build a PDF dictionary; a value in parentheses is a string, any other a name.

    Example: ``action(S="/URI", URI="(https://example.org/)")``.
    """
    dictionary = DictionaryObject()
    for key, value in entries.items():
        is_text = value.startswith("(")
        kind = TextStringObject(value[1:-1]) if is_text else NameObject(value)
        dictionary[NameObject(f"/{key}")] = kind
    return dictionary


def with_link(entries: DictionaryObject) -> bytes:
    writer = single_page()
    link = action(Type="/Annot", Subtype="/Link")
    link[NameObject("/A")] = entries
    writer.pages[0][NameObject("/Annots")] = ArrayObject([link])
    return written(writer)


def with_script() -> bytes:
    """Return a PDF whose name tree has a script, which runs when the PDF is opened."""
    writer = single_page()
    script = action(S="/JavaScript", JS="(app.alert(1))")
    names = DictionaryObject()
    names[NameObject("/Names")] = ArrayObject([TextStringObject("a"), script])
    scripts = DictionaryObject()
    scripts[NameObject("/JavaScript")] = names
    writer.root_object[NameObject("/Names")] = scripts
    return written(writer)


def with_script_at_opening() -> bytes:
    writer = single_page()
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(
        action(S="/JavaScript", JS="(app.alert(1))")
    )
    return written(writer)


def with_hidden_script() -> bytes:
    """Return ``with_script`` with an escaped name: /J#61vaScript equals /JavaScript."""
    return with_script().replace(b"/JavaScript", b"/J#61vaScript")


def with_forms_of_xml() -> bytes:
    writer = single_page()
    writer.root_object[NameObject("/AcroForm")] = action(XFA="(<xdp/>)")
    return written(writer)


def with_file() -> bytes:
    writer = single_page()
    writer.add_attachment("other.exe", b"MZ")
    return written(writer)


def with_file_on_a_page() -> bytes:
    writer = single_page()
    pin = action(Type="/Annot", Subtype="/FileAttachment")
    writer.pages[0][NameObject("/Annots")] = ArrayObject([pin])
    return written(writer)


def with_object_outside_the_table() -> bytes:
    return PDF + b"\n9 0 obj<</S/Launch/F(calc.exe)>>endobj\n"


REFUSED = [
    (with_script, "contains a script"),
    (with_script_at_opening, "contains a script"),
    (with_hidden_script, "contains a script"),
    (with_forms_of_xml, "contains a script"),
    (lambda: with_link(action(S="/URI", URI="( JavaScript:alert(1))")), "a script"),
    (lambda: with_link(action(S="/Launch", F="(calc.exe)")), "starts a program"),
    (lambda: with_link(action(S="/ImportData", F="(a.fdf)")), "starts a program"),
    (with_object_outside_the_table, "starts a program"),
    (with_file, "contains other files"),
    (with_file_on_a_page, "contains other files"),
]


@pytest.mark.parametrize(("make_pdf", "message"), REFUSED)
def test_pdf_with_active_content_is_rejected(make_pdf, message):
    with pytest.raises(ValidationError, match=message):
        validate_upload(ContentFile(make_pdf()))


def test_script_in_object_stream_is_detected():
    """Most programs write compressed object streams, whose bytes show no names."""
    writer = single_page()
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(
        action(S="/JavaScript", JS="(app.alert(1))")
    )
    content = packed(writer)
    assert b"JavaScript" not in content

    with pytest.raises(ValidationError, match="contains a script"):
        validate_upload(ContentFile(content))


def packed(writer: PdfWriter) -> bytes:
    """Write all objects into one object stream, with a cross-reference stream.

    The file is PDF 1.5, the first version that has these streams.
    """
    import zlib

    bodies, offsets = [], []
    for pdf_object in writer._objects:
        body = io.BytesIO()
        pdf_object.write_to_stream(body)
        bodies.append(body.getvalue())
    start = 0
    for number, body in enumerate(bodies, 1):
        offsets.append(f"{number} {start}")
        start += len(body) + 1
    head = " ".join(offsets).encode() + b" "
    data = zlib.compress(head + b"\n".join(bodies))
    count = len(bodies)
    stream = (
        b"%d 0 obj<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n"
        % (count + 1, count, len(head), len(data))
    )
    content = b"%PDF-1.5\n"
    rows = [(0, 0, 65535)] + [(2, count + 1, index) for index in range(count)]
    rows.append((1, len(content), 0))
    content += stream + data + b"\nendstream endobj\n"
    rows.append((1, len(content), 0))
    table = b"".join(
        kind.to_bytes(1, "big") + second.to_bytes(4, "big") + third.to_bytes(2, "big")
        for kind, second, third in rows
    )
    root = writer.root_object.indirect_reference.idnum
    return content + (
        b"%d 0 obj<</Type/XRef/W[1 4 2]/Size %d/Root %d 0 R/Length %d>>stream\n"
        b"%b\nendstream endobj\nstartxref\n%d\n%%%%EOF"
        % (count + 2, count + 3, root, len(table), table, rows[-1][1])
    )


def test_encrypted_pdf_is_rejected():
    writer = single_page()
    writer.encrypt("", "sample-password", algorithm="RC4-128")

    with pytest.raises(ValidationError, match="Save it without a password"):
        validate_upload(ContentFile(written(writer)))


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4 nonsense",
        b"%PDF-",
        PDF[:120],
        b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF",
        PDF.replace(b"/Pages 2 0 R", b"/Pages 9 0 R"),
    ],
)
def test_damaged_pdf_is_refused(content):
    with pytest.raises(ValidationError, match="The PDF is damaged"):
        validate_upload(ContentFile(content))


def test_pdf_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_validation, "_TIMEOUT_SECONDS", 0.001)

    with pytest.raises(ValidationError, match="takes too long to check"):
        validate_upload(ContentFile(PDF))


def test_pdf_with_plain_link_is_accepted():
    content = with_link(action(S="/URI", URI="(https://example.org/)"))

    examined = validate_upload(ContentFile(content))

    assert (examined.media_type, examined.extension) == ("application/pdf", ".pdf")
    assert examined.content.read() == content
