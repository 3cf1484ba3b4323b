import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.files.models import StoredFile
from portal.files.operations import store_file
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
def test_type_is_read_from_the_bytes_not_from_the_name(content, media_type, name):
    stored = stored_file(content, "programme.exe")

    assert (stored.media_type, stored.name) == (media_type, name)
    with stored.content.open() as opened:
        kept = opened.read()
    assert stored.size == len(kept)
    assert stored.sha256 == hashlib.sha256(kept).hexdigest()
    assert stored.is_picture == (kept != PDF)
    assert stored.get_absolute_url() == f"/files/{stored.sha256}/{name}"
    stored.full_clean()


def test_same_bytes_are_kept_once():
    first, second = stored_file(PDF, "a.pdf"), stored_file(PDF, "b.pdf")

    assert first == second
    assert StoredFile.objects.get().name == "a.pdf"


@pytest.mark.parametrize(
    ("given", "kept"),
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
def test_name_for_the_download_is_made_safe(given, kept):
    stored = stored_file(PDF, given)

    assert stored.name == kept


def test_empty_file_is_refused():
    with pytest.raises(ValidationError, match="The file is empty"):
        store_file(content=ContentFile(b""), name="a.pdf")

    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("content", [b"GIF89a", b"<html>", b"MZ\x90", b"<svg/>", b"%"])
def test_file_of_another_type_is_refused(content):
    with pytest.raises(ValidationError, match="The file is none of these"):
        store_file(content=ContentFile(content), name="a.pdf")

    assert not StoredFile.objects.exists()


def test_file_that_is_too_large_is_refused(settings):
    content = SimpleUploadedFile("a.pdf", PDF)
    content.size = settings.FILE_KINDS["pdf"] * 1024 * 1024 + 1

    with pytest.raises(ValidationError) as told:
        store_file(content=content, name="a.pdf")

    assert told.value.messages == [
        "The file has 51 MiB; the limit is 50. Make it smaller."
    ]


def test_largest_file_is_taken(settings):
    content = SimpleUploadedFile("a.pdf", PDF)
    content.size = settings.FILE_KINDS["pdf"] * 1024 * 1024

    assert store_file(content=content, name="a.pdf").media_type == "application/pdf"
