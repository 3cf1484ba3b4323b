"""PDF actions that run without a click, and the targets of links."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from portal.core.files.models import StoredFile
from portal.core.files.pdf_active_content import find_active_content
from portal.core.files.upload_validation import validate_upload
from tests.admin_forms import token_for
from tests.factories.files import PDF
from tests.factories.publishing import staff
from tests.portal.core.files.test_pdf_validation import (
    action,
    packed,
    single_page,
    with_link,
    written,
)

ADD = "/admin/files/storedfile/add/"
ADDRESS = action(S="/URI", URI="(https://example.org/?q=1)")
FORM = action(S="/SubmitForm", F="(https://example.org/)")
REMOTE = action(S="/GoToR", F="(\\\\example.org\\share\\a.pdf)", D="(a)")
INSIDE = action(S="/GoTo", D="(a)")


def holding(key: str, value) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value})


def opening(step, *, is_indirect=False) -> PdfWriter:
    writer = single_page()
    value = writer._add_object(step) if is_indirect else step
    writer.root_object[NameObject("/OpenAction")] = value
    return writer


def then(first: DictionaryObject, following) -> DictionaryObject:
    return DictionaryObject({**first, NameObject("/Next"): following})


def on_page(key: str, step) -> PdfWriter:
    writer = single_page()
    writer.pages[0][NameObject("/AA")] = holding(key, step)
    return writer


def on_document(key: str, step) -> PdfWriter:
    writer = single_page()
    writer.root_object[NameObject("/AA")] = writer._add_object(holding(key, step))
    return writer


def on_annotation(key: str, step) -> PdfWriter:
    writer = single_page()
    pin = action(Type="/Annot", Subtype="/Widget")
    pin[NameObject("/AA")] = holding(key, writer._add_object(step))
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(pin)])
    return writer


def on_field(key: str, step) -> PdfWriter:
    writer = single_page()
    field = action(FT="/Tx", T="(name)")
    field[NameObject("/AA")] = holding(key, step)
    fields = ArrayObject([writer._add_object(field)])
    writer.root_object[NameObject("/AcroForm")] = holding("/Fields", fields)
    return writer


def with_indirect_address() -> PdfWriter:
    writer = single_page()
    link = action(S="/URI")
    address = TextStringObject("\\\\example.org\\share")
    link[NameObject("/URI")] = writer._add_object(address)
    writer.root_object[NameObject("/OpenAction")] = link
    return writer


def with_named_destination() -> PdfWriter:
    """Build a PDF that opens at a destination of its own name tree."""
    writer = opening(INSIDE)
    place = ArrayObject([writer.pages[0].indirect_reference, NameObject("/Fit")])
    names = ArrayObject([TextStringObject("a"), place])
    tree = holding("/Dests", writer._add_object(holding("/Names", names)))
    writer.root_object[NameObject("/Names")] = tree
    return writer


def with_a_page_to_begin_with() -> PdfWriter:
    writer = single_page()
    place = [writer.pages[0].indirect_reference, NameObject("/FitH"), NumberObject(90)]
    writer.root_object[NameObject("/OpenAction")] = ArrayObject(place)
    return writer


def endless() -> PdfWriter:
    writer = single_page()
    step = action(S="/GoTo", D="(a)")
    step[NameObject("/Next")] = ArrayObject([writer._add_object(step)])
    writer.root_object[NameObject("/OpenAction")] = step
    return writer


def test_actions_without_a_click_are_found():
    relative = action(S="/GoToR", F="(other.pdf)", D="(a)")
    cases = [
        (opening(ADDRESS), {"opens"}),
        (opening(ADDRESS, is_indirect=True), {"opens"}),
        (opening(relative), {"opens"}),
        (opening(REMOTE), {"opens", "servers"}),
        (opening(action(S="/GoToE", F="(a.pdf)")), {"opens", "attachments"}),
        (opening(action(S="/Launch", F="(a.exe)")), {"opens", "launch"}),
        (opening(action(S="/ImportData", F="(a.fdf)")), {"opens", "launch"}),
        (opening(FORM), {"opens", "forms"}),
        (opening(action(S="/Thread", F="(a.pdf)", D="(a)")), {"opens"}),
        (opening(action(URI="(https://example.org/)")), {"opens"}),
        (opening(then(INSIDE, ADDRESS)), {"opens"}),
        (opening(then(INSIDE, ArrayObject([INSIDE, ADDRESS]))), {"opens"}),
        (opening(then(INSIDE, then(INSIDE, FORM))), {"opens", "forms"}),
        (opening(action(S="/Rendition", JS="(app.alert(1))")), {"scripts"}),
        (on_page("/O", ADDRESS), {"opens"}),
        (on_page("/C", then(INSIDE, REMOTE)), {"opens", "servers"}),
        (on_document("/WC", ADDRESS), {"opens"}),
        (on_annotation("/E", ADDRESS), {"opens"}),
        (on_annotation("/PV", relative), {"opens"}),
        (on_annotation("/PO", FORM), {"opens", "forms"}),
        (on_field("/K", ADDRESS), {"opens"}),
        (with_indirect_address(), {"opens", "servers"}),
    ]

    for number, (writer, message) in enumerate(cases):
        assert find_active_content(written(writer)) == message, number
        assert find_active_content(packed(writer)) == message, (
            f"{number} in an object stream"
        )


def test_actions_inside_the_document_or_after_a_click_are_allowed():
    cases = [
        opening(INSIDE),
        opening(action(S="/Named", N="/FirstPage")),
        opening(then(INSIDE, ArrayObject([INSIDE]))),
        with_a_page_to_begin_with(),
        with_named_destination(),
        endless(),
        on_page("/O", INSIDE),
        on_annotation("/U", ADDRESS),
        on_annotation("/D", ADDRESS),
    ]

    assert [find_active_content(written(writer)) for writer in cases] == [set()] * len(
        cases
    )


def test_links_are_checked_by_their_target():
    fine = [
        *("https://example.org/a//b", "mailto:sample@example.org", "#page=2"),
        *("http://user@example.org:8080/", "a.html", "file:///C:/a.pdf", "file:a.pdf"),
    ]
    servers = [
        *("\\\\example.org\\share\\a.pdf", "//example.org/share/a.pdf", "/\\example"),
        *("smb://example.org/share", " \\\\example.org\\a", "%5C%5Cexample.org%5Ca"),
        *("file://example.org/share/a.pdf", "file:////example.org/a", "SMB:example"),
        *("file:\\\\example.org\\a", "FILE://localhost//example.org/a"),
        "f\tile://example.org/a",
    ]

    for address in fine:
        assert (
            find_active_content(with_link(action(S="/URI", URI=f"({address})")))
            == set()
        )
    for address in servers:
        link = with_link(action(S="/URI", URI=f"({address})"))
        assert find_active_content(link) == {"servers"}, address
        remote_action = action(S="/GoToR", D="(a)")
        remote_action[NameObject("/F")] = action(Type="/Filespec", UF=f"({address})")
        assert find_active_content(with_link(remote_action)) == {"servers"}, address
    assert find_active_content(with_link(action(S="/GoToR", F="(b.pdf)"))) == set()
    assert find_active_content(with_link(FORM)) == {"forms"}
    remote = action(S="/GoToR")
    remote[NameObject("/F")] = action(FS="/URL", F="(https://example.org/a.pdf)")
    assert find_active_content(with_link(remote)) == {"opens"}


def test_escaped_names_are_found():
    content = written(opening(FORM)).replace(b"/SubmitForm", b"/#53ubmit#46orm")
    content = content.replace(b"/OpenAction", b"/#4fpenAction")
    assert b"OpenAction" not in content

    assert find_active_content(content) == {"forms", "opens"}
    escaped = written(opening(ADDRESS)).replace(b"/URI", b"/#55R#49")
    assert find_active_content(escaped) == {"opens"}


def test_objects_outside_the_table_are_found():
    catalog = b"\n9 0 obj<</Type/Catalog/OpenAction<</S/URI/URI(https://a/)>>>>endobj\n"
    cases = {
        PDF + catalog: {"opens"},
        PDF + b"\n9 0 obj<</S/GoToR/F(\\\\\\\\a\\\\b)>>endobj\n": {"servers"},
        PDF + b"\n9 0 obj<</S/SubmitForm>>endobj\n": {"forms"},
        PDF + b"\n9 0 obj this is text\n": set(),
    }

    assert {content: find_active_content(content) for content in cases} == cases


def test_key_with_two_values_is_refused():
    """Some programs use the first value of a key, browsers use the last."""
    inside, outside = b"/OpenAction<</S/GoTo/D(a)>>", b"/OpenAction<</S/URI/URI(b)>>"
    once_written, twice = (
        PDF.replace(b"/Pages 2 0 R", b"/Pages 2 0 R" + actions)
        for actions in (inside, inside + outside)
    )

    assert find_active_content(once_written) == set()
    with pytest.raises(ValueError, match="duplicate key"):
        find_active_content(twice)
    with pytest.raises(ValidationError, match="The PDF is damaged"):
        validate_upload(ContentFile(twice))


def test_password_that_is_empty_hides_nothing():
    writer = opening(ADDRESS)
    writer.encrypt("", "", algorithm="RC4-128")

    with pytest.raises(ValidationError, match="Save it without a password"):
        validate_upload(ContentFile(written(writer)))


@pytest.mark.django_db
def test_reasons_are_shown_in_the_form(client):
    client.force_login(staff(is_superuser=True))
    cases = [
        (
            written(opening(ADDRESS)),
            (
                "The PDF opens a web address or another file "
                "automatically. Remove this action, or print the document "
                "into a new PDF."
            ),
        ),
        (
            with_link(FORM),
            (
                "The PDF contains a form that sends data to an external "
                "address. Print the document into a new PDF."
            ),
        ),
        (
            with_link(REMOTE),
            (
                "The PDF links to a file on a file server. Remove the "
                "link, or print the document into a new PDF."
            ),
        ),
    ]

    for content, reason in cases:
        upload = SimpleUploadedFile("a.pdf", content)
        response = client.post(ADD, token_for(client, ADD) | {"upload": upload})
        assert reason in response.content.decode()
    assert not StoredFile.objects.exists()

    link = written(opening(INSIDE))
    upload = SimpleUploadedFile("a.pdf", link)
    response = client.post(ADD, token_for(client, ADD) | {"upload": upload})
    assert response.status_code == 302
