import io

from django.core.files.base import ContentFile
from PIL import Image

from portal.files.examination import PDF as PDF_TYPE
from portal.files.examination import Examined, examine
from portal.files.models import Picture, StoredFile
from portal.files.operations import keep
from tests.factories import made


def image_of(form: str, size=(40, 30), colour="navy", **saved) -> bytes:
    """A picture of one colour, ``form`` and ``saved`` as Pillow has them."""
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, form, **saved)
    return written.getvalue()


JPEG = image_of("JPEG")
PNG = image_of("PNG")
WEBP = image_of("WEBP")


def pdf_of(*pages: str) -> bytes:
    """A PDF with one line of ASCII text on each page."""
    parts = [b"<</Type/Catalog/Pages 2 0 R>>"]
    numbers = [4 + 2 * number for number in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    parts.append(f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode())
    parts.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for number, text in zip(numbers, pages, strict=True):
        drawn = f"BT /F 12 Tf 10 50 Td ({text}) Tj ET".encode()
        page = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 100]/Contents {number + 1} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>"
        )
        stream = b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn)
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
    """A file that was taken in before. PDFs are not examined: that takes a process."""
    file = ContentFile(content)
    is_pdf = content.startswith(b"%PDF-")
    return keep(
        Examined(file, PDF_TYPE, ".pdf") if is_pdf else examine(file), name=name
    )


def picture(content: bytes = JPEG, name="sample.jpg", **values) -> Picture:
    """A picture with its words in English, of a file that may be there already."""
    values.setdefault("file", stored_file(content, name))
    return made(Picture, **{"alternative_en": "A sample building", **values})
