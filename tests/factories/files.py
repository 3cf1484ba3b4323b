import io

from django.core.files.base import ContentFile
from PIL import Image

from portal.core.files.models import Picture, StoredFile
from portal.core.files.operations import store_validated_upload
from portal.core.files.upload_validation import PDF as PDF_TYPE
from portal.core.files.upload_validation import ValidatedUpload, validate_upload
from tests.factories import made


def image_of(form: str, size=(40, 30), colour="navy", **saved) -> bytes:
    """Return a picture of one colour.

    ``image_format`` and ``save_options`` are passed to Pillow's ``Image.save``.
    """
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, form, **saved)
    return written.getvalue()


JPEG = image_of("JPEG")
PNG = image_of("PNG")
WEBP = image_of("WEBP")


def pdf_of(*pages: str) -> bytes:
    """Return a PDF with one line of ASCII text on each page."""
    parts = [b"<</Type/Catalog/Pages 2 0 R>>"]
    numbers = [4 + 2 * number for number in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    parts.append(f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode())
    parts.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for number, text in zip(numbers, pages, strict=True):
        operators = f"BT /F 12 Tf 10 50 Td ({text}) Tj ET".encode()
        page = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 100]/Contents {number + 1} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>"
        )
        stream = b"<</Length %d>>stream\n%b\nendstream" % (len(operators), operators)
        parts += [page.encode(), stream]
    content, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, part in enumerate(parts, 1):
        table += b"%010d 00000 n \n" % len(content)
        content += b"%d 0 obj%bendobj\n" % (number, part)
    size = len(parts) + 1
    ending = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    table = b"xref\n0 %d\n%b" % (size, table)
    return content + table + ending % (size, len(content))


PDF = pdf_of("A sample, not a document of the office.")


def stored_file(content: bytes = PDF, name="sample.pdf") -> StoredFile:
    """Store a file; a PDF is not examined, because that starts a process."""
    file = ContentFile(content)
    is_pdf = content.startswith(b"%PDF-")
    return store_validated_upload(
        ValidatedUpload(file, PDF_TYPE, ".pdf") if is_pdf else validate_upload(file),
        name=name,
    )


def picture(content: bytes = JPEG, name="sample.jpg", **values) -> Picture:
    """Create a picture with English alternative text; equal files are stored once."""
    values.setdefault("file", stored_file(content, name))
    return made(Picture, **{"alternative_en": "A sample building", **values})
