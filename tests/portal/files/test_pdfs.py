"""PDFs that do more than say something are refused, in a process apart."""

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

from portal.files import pdfs
from portal.files.examination import examine
from tests.factories.files import PDF


def written(writer: PdfWriter) -> bytes:
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def one_page() -> PdfWriter:
    writer = PdfWriter()
    writer.add_blank_page(90, 90)
    return writer


def action(**entries: str) -> DictionaryObject:
    """``S="/URI", URI="(https://…)"``: a text in brackets, else a name."""
    told = DictionaryObject()
    for key, value in entries.items():
        is_text = value.startswith("(")
        kind = TextStringObject(value[1:-1]) if is_text else NameObject(value)
        told[NameObject(f"/{key}")] = kind
    return told


def with_link(entries: DictionaryObject) -> bytes:
    writer = one_page()
    link = action(Type="/Annot", Subtype="/Link")
    link[NameObject("/A")] = entries
    writer.pages[0][NameObject("/Annots")] = ArrayObject([link])
    return written(writer)


def with_script() -> bytes:
    """Under a name of the document, to be run when it is opened."""
    writer = one_page()
    script = action(S="/JavaScript", JS="(app.alert(1))")
    names = DictionaryObject()
    names[NameObject("/Names")] = ArrayObject([TextStringObject("a"), script])
    scripts = DictionaryObject()
    scripts[NameObject("/JavaScript")] = names
    writer.root_object[NameObject("/Names")] = scripts
    return written(writer)


def with_script_at_opening() -> bytes:
    writer = one_page()
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(
        action(S="/JavaScript", JS="(app.alert(1))")
    )
    return written(writer)


def with_hidden_script() -> bytes:
    """Its name is written otherwise: /J#61vaScript is the same to every reader."""
    return with_script().replace(b"/JavaScript", b"/J#61vaScript")


def with_forms_of_xml() -> bytes:
    writer = one_page()
    writer.root_object[NameObject("/AcroForm")] = action(XFA="(<xdp/>)")
    return written(writer)


def with_file() -> bytes:
    writer = one_page()
    writer.add_attachment("other.exe", b"MZ")
    return written(writer)


def with_file_on_a_page() -> bytes:
    writer = one_page()
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


@pytest.mark.parametrize(("made", "told"), REFUSED)
def test_pdf_that_does_something_is_refused(made, told):
    with pytest.raises(ValidationError, match=told):
        examine(ContentFile(made()))


def test_script_in_a_packed_object_is_found():
    """As most programs write objects: none of their names is seen in the bytes."""
    writer = one_page()
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(
        action(S="/JavaScript", JS="(app.alert(1))")
    )
    content = packed(writer)
    assert b"JavaScript" not in content

    with pytest.raises(ValidationError, match="contains a script"):
        examine(ContentFile(content))


def packed(writer: PdfWriter) -> bytes:
    """All objects in one packed stream, and a table that is one too (PDF 1.5)."""
    import zlib

    bodies, offsets = [], []
    for one in writer._objects:
        body = io.BytesIO()
        one.write_to_stream(body)
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
        kind.to_bytes(1, "big") + one.to_bytes(4, "big") + two.to_bytes(2, "big")
        for kind, one, two in rows
    )
    root = writer.root_object.indirect_reference.idnum
    return content + (
        b"%d 0 obj<</Type/XRef/W[1 4 2]/Size %d/Root %d 0 R/Length %d>>stream\n"
        b"%b\nendstream endobj\nstartxref\n%d\n%%%%EOF"
        % (count + 2, count + 3, root, len(table), table, rows[-1][1])
    )


def test_protected_pdf_is_refused():
    writer = one_page()
    writer.encrypt("", "sample-password", algorithm="RC4-128")

    with pytest.raises(ValidationError, match="Save it without a password"):
        examine(ContentFile(written(writer)))


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
        examine(ContentFile(content))


def test_pdf_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(pdfs, "_SECONDS", 0.001)

    with pytest.raises(ValidationError, match="takes too long to check"):
        examine(ContentFile(PDF))


def test_pdf_with_a_plain_link_is_taken():
    content = with_link(action(S="/URI", URI="(https://example.org/)"))

    examined = examine(ContentFile(content))

    assert (examined.media_type, examined.ending) == ("application/pdf", ".pdf")
    assert examined.content.read() == content
