"""PPTX files are accepted as materials, without macros and external content."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core.files.models import StoredFile
from portal.core.files.upload_validation import validate_upload
from seminars.models import Material
from tests.admin_forms import token_for
from tests.factories.publishing import staff
from tests.factories.seminars import material, seminar
from tests.portal.core.files.test_office_documents import (
    EXCEL,
    package,
    types,
    workbook,
)

ADD = "/admin/files/storedfile/add/"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*rows: tuple[str, str, str]) -> str:
    """Return a relationships part; a row is (type, target, TargetMode attribute)."""
    inner = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
        for number, (kind, target, mode) in enumerate(rows)
    )
    return f'<Relationships xmlns="{RELATIONS}">{inner}</Relationships>'


def slides(parts=None, *, main="presentation", links=(), embedded=None) -> bytes:
    """Return a PPTX file with one slide.

    ``parts`` are added to the package and may replace parts of it. ``main`` is the
    content type of the presentation, ``links`` are (type, target) of external
    relationships and ``embedded`` is the content of an embedded workbook.
    """
    content_types = types(f"{PPTX}.{main}.main+xml", "/ppt/presentation.xml")
    outside = [(kind, target, ' TargetMode="External"') for kind, target in links]
    all_parts = {
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml", "")),
        "ppt/presentation.xml": "<p:presentation xmlns:p='p'/>",
        "ppt/_rels/presentation.xml.rels": relations(
            ("slide", "slides/slide1.xml", "")
        ),
        "ppt/slides/slide1.xml": "<p:sld xmlns:p='p'/>",
        "ppt/slides/_rels/slide1.xml.rels": relations(
            ("image", "../media/image1.png", ""), *outside
        ),
        **(parts or {}),
    }
    if embedded is not None:
        all_parts["ppt/embeddings/Microsoft_Excel_Sheet1.xlsx"] = embedded
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", content_types)
        for name, part in all_parts.items():
            archive.writestr(name, part)
    return content.getvalue()


@pytest.mark.django_db
def test_presentation_is_accepted_as_material(client):
    client.force_login(staff(is_superuser=True))
    upload = SimpleUploadedFile("课件.ppt", slides(), "application/octet-stream")

    response = client.post(ADD, token_for(client, ADD) | {"upload": upload})

    stored = StoredFile.objects.get()
    assert response.status_code == 302
    assert (stored.name, stored.media_type) == ("课件.pptx", f"{PPTX}.presentation")
    held = material(seminar(), file=stored)
    held.full_clean()
    assert Material.objects.get().file == stored


@pytest.mark.django_db
def test_refusal_in_the_form_lists_the_accepted_kinds(client):
    client.force_login(staff(is_superuser=True))
    upload = SimpleUploadedFile("课件.pptx", slides(main="slideshow"))

    response = client.post(ADD, token_for(client, ADD) | {"upload": upload})

    assert (
        "The file type is not accepted. Save the file as one of "
        "these types: PDF, DOCX, XLSX, PPTX, MP4, JPEG, PNG, WEBP."
    ) in response.content.decode()
    assert not StoredFile.objects.exists()


def test_links_of_a_presentation_that_do_no_harm_are_let_be():
    links = (
        *("https://example.org/?q=1", "mailto:sample@example.org", "tel:+8677100000"),
        *("#Slide 2", "handout.pdf", "day%202/Programme.docx", ""),
        "file:///C:/Users/sample/agenda.xlsx",
    )
    content = slides(links=[("hyperlink", target) for target in links])

    assert validate_upload(ContentFile(content)).extension == ".pptx"


def test_presentation_with_numbers_of_a_chart_is_accepted():
    assert (
        validate_upload(ContentFile(slides(embedded=workbook()))).extension == ".pptx"
    )


def test_presentation_that_does_something_is_refused():
    macros, damaged = "contains macros or other programs", "The document is damaged"
    fetched, link = (
        "The presentation refers to something outside the file: “",
        "A link in the pres",
    )
    inner = package({"xl/vbaProject.bin": b"\xd0"}, types(EXCEL, "/word/document.xml"))
    cases = [
        (slides({"ppt/vbaProject.bin": b"\xd0\xcf"}), macros),
        (slides({"ppt/activeX/activeX1.xml": "<a/>"}), macros),
        (slides({"ppt/embeddings/oleObject1.bin": b"\xd0\xcf"}), macros),
        (slides({"ppt/embeddings/a.pptm": b"PK"}), macros),
        (slides({"ppt/webextensions/webextension1.xml": "<w/>"}), macros),
        (slides(embedded=inner), macros),
        (slides(embedded=b"MZ"), damaged),
        (
            slides({"ppt/media/a.xml": bytes(6_000_000)}),
            "The document is too large when unpacked. Make it smaller.",
        ),
        (slides(links=[("image", "https://example.org/a.png")]), fetched),
        (slides(links=[("oleObject", "file:///C:/a.xlsx")]), fetched),
        (slides(links=[("video", "\\\\example.org\\a.mp4")]), fetched),
        (slides(links=[("hyperlink", "\\\\example.org\\a.docx")]), link),
        (slides(links=[("hyperlink", "//example.org/a.docx")]), link),
        (slides(links=[("hyperlink", "file://example.org/a.docx")]), link),
        (slides(links=[("hyperlink", "file:///\\\\example.org\\a.docx")]), link),
        (slides(links=[("hyperlink", "%5C%5Cexample.org%5Ca.docx")]), link),
        (slides(links=[("hyperlink", "smb://example.org/a.docx")]), link),
        (slides(links=[("hyperlink", "javascript:alert(1)")]), link),
        (slides(links=[("hyperlink", "calc.exe")]), link),
        (slides(links=[("hyperlink", "calc")]), link),
        (slides(main="presentation.macroEnabled"), macros),
        (
            slides({"_rels/.rels": relations()}),
            ("The file type is not accepted. Save the file as one of these types:"),
        ),
    ]

    for number, (content, message) in enumerate(cases):
        with pytest.raises(ValidationError) as error_info:
            validate_upload(ContentFile(content))
        assert message in error_info.value.messages[0], number


def test_link_that_is_refused_is_named():
    with pytest.raises(ValidationError) as error_info:
        validate_upload(
            ContentFile(slides(links=[("image", "https://example.org/a.png")]))
        )

    (message,) = error_info.value.messages
    assert message == (
        "The presentation refers to something outside the file: "
        "“https://example.org/a.png”. Insert it into the "
        "presentation, or remove it."
    )
