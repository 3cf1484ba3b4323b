"""Stored files in the staff admin: upload, download, usages and deletion."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed
from portal.core.files.models import Picture, StoredFile
from tests.admin_forms import token_for
from tests.factories.conference import article, document
from tests.factories.files import JPEG, PDF, picture, stored_file
from tests.factories.publishing import attachment, illustration, staff

pytestmark = pytest.mark.django_db
ADD = "/admin/files/storedfile/add/"


@pytest.fixture
def clerk(client):
    client.force_login(staff(is_superuser=True))
    return client


def send(clerk, upload: SimpleUploadedFile):
    return clerk.post(ADD, token_for(clerk, ADD) | {"upload": upload})


def test_upload_is_stored_by_content_hash(clerk):
    upload = SimpleUploadedFile("programme.doc", PDF, "application/msword")

    answer = send(clerk, upload)

    stored = StoredFile.objects.get()
    assert answer.status_code == 302
    assert (stored.name, stored.media_type) == ("programme.pdf", "application/pdf")


def test_duplicate_upload_redirects_to_existing_file(clerk):
    stored = stored_file(PDF)

    answer = send(clerk, SimpleUploadedFile("again.pdf", PDF))

    assert answer.status_code == 302
    assert StoredFile.objects.get() == stored


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"MZ", "The file is none of these: PDF, "), (b"", "file is empty")],
)
def test_invalid_upload_shows_form_error(clerk, content, message):
    answer = send(clerk, SimpleUploadedFile("a.pdf", content))

    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("name", [".pdf", "a\x00b.pdf", "x" * 250 + ".pdf"])
def test_upload_with_unusual_name_does_not_crash(clerk, name):
    answer = send(clerk, SimpleUploadedFile(name, PDF))

    assert answer.status_code in (200, 302)


def test_stored_file_cannot_be_changed(clerk):
    stored = stored_file()
    address = f"/admin/files/storedfile/{stored.pk}/change/"

    shown, saved = clerk.get(address), clerk.post(address, {"name": "other.pdf"})

    stored.refresh_from_db()
    assert (shown.status_code, saved.status_code) == (200, 403)
    assert stored.name == "sample.pdf"


def download_of(stored) -> str:
    return f"/admin/files/storedfile/{stored.pk}/download/"


def test_staff_can_download_file_of_unpublished_record(client):
    stored = stored_file()
    attachment(document(), stored)
    permission = Permission.objects.get(codename="view_storedfile")
    client.force_login(staff(permissions=[permission]))

    answer = client.get(download_of(stored))
    content = b"".join(answer.streaming_content)

    assert (answer.status_code, content) == (200, PDF)
    assert answer["Content-Disposition"] == 'attachment; filename="sample.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert client.get(stored.get_absolute_url()).status_code == 404


def test_file_page_links_to_download(clerk):
    stored = stored_file()

    shown = clerk.get(f"/admin/files/storedfile/{stored.pk}/change/")

    assert f'<a href="{download_of(stored)}">sample.pdf</a>' in shown.content.decode()


def test_download_requires_view_permission(client):
    client.force_login(staff())

    for address in (download_of(stored_file()), "/admin/files/storedfile/9/download/"):
        answer = client.get(address)

        assert answer.status_code == 403
        assert PDF not in answer.content


def test_anonymous_download_redirects_to_login(client):
    address = download_of(stored_file())

    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={address}"


def test_download_of_an_unknown_file_is_not_found(clerk):
    assert clerk.get("/admin/files/storedfile/9/download/").status_code == 404


def test_delete_removes_row_and_stored_bytes(clerk, django_capture_on_commit_callbacks):
    stored = stored_file()
    storage, name = stored.content.storage, stored.content.name
    address = f"/admin/files/storedfile/{stored.pk}/delete/"

    with django_capture_on_commit_callbacks(execute=True):
        answer = clerk.post(address, {"post": "yes"})

    assert answer.status_code == 302
    assert not StoredFile.objects.exists()
    assert not storage.exists(name)


def test_file_in_use_cannot_be_deleted(clerk, django_capture_on_commit_callbacks):
    stored = stored_file()
    attachment(document("DOC-0001"), stored)
    address = f"/admin/files/storedfile/{stored.pk}/delete/"

    page = clerk.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        clerk.post(address, {"post": "yes"})

    assert "Document “DOC-0001" in page
    assert StoredFile.objects.get() == stored
    assert stored.content.storage.exists(stored.content.name)


def test_bulk_delete_action_is_disabled(clerk):
    stored = stored_file()
    data = {"action": "delete_selected", "_selected_action": [stored.pk], "post": "yes"}

    clerk.post("/admin/files/storedfile/", data)

    assert (
        "delete_selected" not in clerk.get("/admin/files/storedfile/").content.decode()
    )
    assert StoredFile.objects.get() == stored


def test_upload_and_deletion_are_audited(clerk):
    send(clerk, SimpleUploadedFile("a.pdf", PDF))
    stored = StoredFile.objects.get()
    send(clerk, SimpleUploadedFile("again.pdf", PDF))
    clerk.post(f"/admin/files/storedfile/{stored.pk}/delete/", {"post": "yes"})

    entries = Deed.objects.filter(model="files.storedfile").order_by("position")

    assert [entry.verb for entry in entries] == [
        AuditAction.CREATED,
        AuditAction.DELETED,
    ]


def test_file_page_lists_its_usages(clerk):
    stored = stored_file(JPEG, "sample.jpg")
    illustration(article("opening"), picture(file=stored))

    of_file = clerk.get(f"/admin/files/storedfile/{stored.pk}/change/")

    assert "<li>Picture “sample.jpg”</li>" in of_file.content.decode()


def test_picture_rejects_non_image_file(clerk):
    stored = stored_file(PDF)

    address = "/admin/files/picture/add/"
    answer = clerk.post(address, token_for(clerk, address) | {"file": stored.pk})

    assert "“sample.pdf” is no picture" in answer.content.decode()
    assert not Picture.objects.exists()
