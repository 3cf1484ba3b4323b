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
def staff_client(client):
    client.force_login(staff(is_superuser=True))
    return client


def send(staff_client, upload: SimpleUploadedFile):
    return staff_client.post(ADD, token_for(staff_client, ADD) | {"upload": upload})


def test_upload_is_stored_by_content_hash(staff_client):
    upload = SimpleUploadedFile("programme.doc", PDF, "application/msword")

    response = send(staff_client, upload)

    stored = StoredFile.objects.get()
    assert response.status_code == 302
    assert (stored.name, stored.media_type) == ("programme.pdf", "application/pdf")


def test_duplicate_upload_redirects_to_existing_file(staff_client):
    stored = stored_file(PDF)

    response = send(staff_client, SimpleUploadedFile("again.pdf", PDF))

    assert response.status_code == 302
    assert StoredFile.objects.get() == stored


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"MZ", "one of these types: PDF, "), (b"", "file is empty")],
)
def test_invalid_upload_shows_form_error(staff_client, content, message):
    response = send(staff_client, SimpleUploadedFile("a.pdf", content))

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("name", [".pdf", "a\x00b.pdf", "x" * 250 + ".pdf"])
def test_upload_with_unusual_name_does_not_crash(staff_client, name):
    response = send(staff_client, SimpleUploadedFile(name, PDF))

    assert response.status_code in (200, 302)


def test_stored_file_cannot_be_changed(staff_client):
    stored = stored_file()
    address = f"/admin/files/storedfile/{stored.pk}/change/"

    page, saved = (
        staff_client.get(address),
        staff_client.post(address, {"name": "other.pdf"}),
    )

    stored.refresh_from_db()
    assert (page.status_code, saved.status_code) == (200, 403)
    assert stored.name == "sample.pdf"


def download_of(stored) -> str:
    return f"/admin/files/storedfile/{stored.pk}/download/"


def test_staff_can_download_file_of_unpublished_record(client):
    stored = stored_file()
    attachment(document(), stored)
    permission = Permission.objects.get(codename="view_storedfile")
    client.force_login(staff(permissions=[permission]))

    response = client.get(download_of(stored))
    content = b"".join(response.streaming_content)

    assert (response.status_code, content) == (200, PDF)
    assert response["Content-Disposition"] == 'attachment; filename="sample.pdf"'
    assert "no-store" in response["Cache-Control"]
    assert client.get(stored.get_absolute_url()).status_code == 404


def test_file_page_links_to_download(staff_client):
    stored = stored_file()

    page = staff_client.get(f"/admin/files/storedfile/{stored.pk}/change/")

    assert f'<a href="{download_of(stored)}">sample.pdf</a>' in page.content.decode()


def test_download_requires_view_permission(client):
    client.force_login(staff())

    for address in (download_of(stored_file()), "/admin/files/storedfile/9/download/"):
        response = client.get(address)

        assert response.status_code == 403
        assert PDF not in response.content


def test_anonymous_download_redirects_to_login(client):
    address = download_of(stored_file())

    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={address}"


def test_download_of_an_unknown_file_is_not_found(staff_client):
    assert staff_client.get("/admin/files/storedfile/9/download/").status_code == 404


def test_delete_removes_row_and_stored_bytes(
    staff_client, django_capture_on_commit_callbacks
):
    stored = stored_file()
    storage, name = stored.content.storage, stored.content.name
    address = f"/admin/files/storedfile/{stored.pk}/delete/"

    with django_capture_on_commit_callbacks(execute=True):
        response = staff_client.post(address, {"post": "yes"})

    assert response.status_code == 302
    assert not StoredFile.objects.exists()
    assert not storage.exists(name)


def test_file_in_use_cannot_be_deleted(
    staff_client, django_capture_on_commit_callbacks
):
    stored = stored_file()
    attachment(document("DOC-0001"), stored)
    address = f"/admin/files/storedfile/{stored.pk}/delete/"

    page = staff_client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        staff_client.post(address, {"post": "yes"})

    assert "Document “DOC-0001" in page
    assert StoredFile.objects.get() == stored
    assert stored.content.storage.exists(stored.content.name)


def test_bulk_delete_action_is_disabled(staff_client):
    stored = stored_file()
    data = {"action": "delete_selected", "_selected_action": [stored.pk], "post": "yes"}

    staff_client.post("/admin/files/storedfile/", data)

    assert (
        "delete_selected"
        not in staff_client.get("/admin/files/storedfile/").content.decode()
    )
    assert StoredFile.objects.get() == stored


def test_upload_and_deletion_are_audited(staff_client):
    send(staff_client, SimpleUploadedFile("a.pdf", PDF))
    stored = StoredFile.objects.get()
    send(staff_client, SimpleUploadedFile("again.pdf", PDF))
    staff_client.post(f"/admin/files/storedfile/{stored.pk}/delete/", {"post": "yes"})

    entries = Deed.objects.filter(model="files.storedfile").order_by("position")

    assert [entry.verb for entry in entries] == [
        AuditAction.CREATED,
        AuditAction.DELETED,
    ]


def test_file_page_lists_its_usages(staff_client):
    stored = stored_file(JPEG, "sample.jpg")
    illustration(article("opening"), picture(file=stored))

    of_file = staff_client.get(f"/admin/files/storedfile/{stored.pk}/change/")

    assert "<li>Picture “sample.jpg”</li>" in of_file.content.decode()


def test_picture_rejects_non_image_file(staff_client):
    stored = stored_file(PDF)

    address = "/admin/files/picture/add/"
    response = staff_client.post(
        address, token_for(staff_client, address) | {"file": stored.pk}
    )

    assert "“sample.pdf” is not a picture" in response.content.decode()
    assert not Picture.objects.exists()
