"""HEIC, HEIF and AVIF are rejected by content; the error names the accepted formats."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.core.files.models import StoredFile
from portal.core.files.upload_validation import validate_upload
from tests.admin_forms import token_for
from tests.factories.publishing import staff
from tests.portal.core.files.test_mp4 import FILM, box

ADD = "/admin/files/storedfile/add/"
REFUSED = (
    "HEIC, HEIF and AVIF pictures are not accepted. Save the picture as JPEG and "
    "upload it again. Accepted pictures: JPEG, PNG, WEBP."
)


def heif(major: bytes, *compatible: bytes) -> bytes:
    brands = box(b"ftyp", major + bytes(4) + b"".join(compatible))
    return brands + box(b"meta", bytes(40)) + box(b"mdat", bytes(40))


@pytest.mark.django_db
def test_picture_of_a_telephone_is_refused_in_the_form(client):
    client.force_login(staff(is_superuser=True))
    content = heif(b"heic", b"mif1", b"heic")

    for name in ("IMG_0001.HEIC", "IMG_0001.jpg", "IMG_0001.mp4"):
        upload = SimpleUploadedFile(name, content)
        response = client.post(ADD, token_for(client, ADD) | {"upload": upload})
        assert REFUSED in response.content.decode()

    assert not StoredFile.objects.exists()


def test_every_brand_is_refused():
    avif = io.BytesIO()
    Image.new("RGB", (9, 9)).save(avif, "AVIF")
    cases = [
        heif(b"heix"),
        heif(b"hevc", b"msf1"),
        heif(b"mif1", b"miaf"),
        heif(b"1pic", b"xxxx", b"heic"),
        heif(b"avif"),
        heif(b"avis"),
        avif.getvalue(),
    ]

    for content in cases:
        with pytest.raises(ValidationError) as error_info:
            validate_upload(ContentFile(content))
        assert error_info.value.messages == [REFUSED]


def test_films_are_not_taken_for_pictures():
    assert validate_upload(ContentFile(FILM)).extension == ".mp4"
    with pytest.raises(ValidationError, match="one of these types: PDF, DOCX"):
        validate_upload(ContentFile(heif(b"qt  ")))
