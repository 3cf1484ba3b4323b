import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core.files.models import StoredFile
from portal.core.files.upload_validation import validate_upload
from tests.factories.files import JPEG, PDF, PNG, WEBP, stored_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "media_type", "name"),
    [
        (PDF, "application/pdf", "programme.pdf"),
        (JPEG, "image/jpeg", "programme.jpg"),
        (PNG, "image/png", "programme.png"),
        (WEBP, "image/webp", "programme.webp"),
    ],
)
def test_media_type_is_detected_from_content(content, media_type, name):
    stored = stored_file(content, "programme.exe")

    assert (stored.media_type, stored.name) == (media_type, name)
    with stored.content.open() as opened:
        stored_content = opened.read()
    assert stored.size == len(stored_content)
    assert stored.sha256 == hashlib.sha256(stored_content).hexdigest()
    assert stored.is_picture == (stored_content != PDF)
    assert stored.get_absolute_url() == f"/files/{stored.sha256}/{name}"
    stored.full_clean()


def test_same_content_is_stored_once():
    first, second = stored_file(PDF, "a.pdf"), stored_file(PDF, "b.pdf")

    assert first == second
    assert StoredFile.objects.get().name == "a.pdf"


@pytest.mark.parametrize(
    ("uploaded_name", "stored_name"),
    [
        ("会议 纪要.pdf", "会议_纪要.pdf"),
        ("../../etc/passwd.pdf", "etcpasswd.pdf"),
        ("../../etc/passwd", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "file.pdf"),
        ("a" * 300 + ".pdf", "a" * 150 + ".pdf"),
        ("x.tar.gz", "x.tar.pdf"),
    ],
)
def test_download_name_is_sanitized(uploaded_name, stored_name):
    stored = stored_file(PDF, uploaded_name)

    assert stored.name == stored_name


def test_empty_file_is_refused():
    with pytest.raises(ValidationError, match="The selected file is empty"):
        validate_upload(ContentFile(b""))


@pytest.mark.parametrize("content", [b"GIF89a", b"<html>", b"MZ\x90", b"<svg/>", b"%"])
def test_unsupported_file_type_is_rejected(content):
    with pytest.raises(
        ValidationError,
        match=("The file type is not accepted"),
    ):
        validate_upload(ContentFile(content))


def test_oversized_file_is_rejected(settings):
    content = SimpleUploadedFile("a.pdf", PDF)
    content.size = settings.UPLOAD_MAX_MIB["pdf"] * 1024 * 1024 + 1

    with pytest.raises(ValidationError) as error_info:
        validate_upload(content)

    assert error_info.value.messages == [
        ("The file is 51 MiB. It must be 50 MiB or smaller. Make it smaller.")
    ]


def test_file_of_maximum_size_is_accepted(settings):
    content = SimpleUploadedFile("a.pdf", PDF)
    content.size = settings.UPLOAD_MAX_MIB["pdf"] * 1024 * 1024

    assert validate_upload(content).media_type == "application/pdf"
