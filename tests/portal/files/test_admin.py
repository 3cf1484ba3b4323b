"""A file is taken in by the admin, and never changed."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.files.models import Picture, StoredFile
from portal.history.choices import Verb
from portal.history.models import Deed
from tests.adminforms import token_for
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


def test_upload_is_stored_by_its_bytes(clerk):
    upload = SimpleUploadedFile("programme.doc", PDF, "application/msword")

    answer = send(clerk, upload)

    stored = StoredFile.objects.get()
    assert answer.status_code == 302
    assert (stored.name, stored.media_type) == ("programme.pdf", "application/pdf")


def test_upload_of_known_bytes_leads_to_their_row(clerk):
    stored = stored_file(PDF)

    answer = send(clerk, SimpleUploadedFile("again.pdf", PDF))

    assert answer.status_code == 302
    assert StoredFile.objects.get() == stored


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"MZ", "The file is none of these: PDF, "), (b"", "file is empty")],
)
def test_bad_upload_is_refused_in_the_form(clerk, content, message):
    answer = send(clerk, SimpleUploadedFile("a.pdf", content))

    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("name", [".pdf", "a\x00b.pdf", "x" * 250 + ".pdf"])
def test_upload_under_any_name_is_answered(clerk, name):
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


def test_staff_have_a_file_that_nothing_published_has(client):
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


def test_download_is_named_where_the_file_is_shown(clerk):
    stored = stored_file()

    shown = clerk.get(f"/admin/files/storedfile/{stored.pk}/change/")

    assert f'<a href="{download_of(stored)}">sample.pdf</a>' in shown.content.decode()


def test_download_needs_the_permission_to_view_files(client):
    client.force_login(staff())

    for address in (download_of(stored_file()), "/admin/files/storedfile/9/download/"):
        answer = client.get(address)

        assert answer.status_code == 403
        assert PDF not in answer.content


def test_download_asks_strangers_to_sign_in(client):
    address = download_of(stored_file())

    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={address}"


def test_download_of_an_unknown_file_is_not_found(clerk):
    assert clerk.get("/admin/files/storedfile/9/download/").status_code == 404


def test_file_is_deleted_with_its_bytes(clerk, django_capture_on_commit_callbacks):
    stored = stored_file()
    storage, name = stored.content.storage, stored.content.name
    address = f"/admin/files/storedfile/{stored.pk}/delete/"

    with django_capture_on_commit_callbacks(execute=True):
        answer = clerk.post(address, {"post": "yes"})

    assert answer.status_code == 302
    assert not StoredFile.objects.exists()
    assert not storage.exists(name)


def test_file_that_a_record_has_is_kept_with_its_bytes(
    clerk, django_capture_on_commit_callbacks
):
    stored = stored_file()
    attachment(document("DOC-0001"), stored)
    address = f"/admin/files/storedfile/{stored.pk}/delete/"

    asked = clerk.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        clerk.post(address, {"post": "yes"})

    assert "Document “DOC-0001" in asked
    assert StoredFile.objects.get() == stored
    assert stored.content.storage.exists(stored.content.name)


def test_files_are_not_deleted_by_the_dozen(clerk):
    stored = stored_file()
    data = {"action": "delete_selected", "_selected_action": [stored.pk], "post": "yes"}

    clerk.post("/admin/files/storedfile/", data)

    assert (
        "delete_selected" not in clerk.get("/admin/files/storedfile/").content.decode()
    )
    assert StoredFile.objects.get() == stored


def test_upload_and_deletion_are_told_in_the_history(clerk):
    send(clerk, SimpleUploadedFile("a.pdf", PDF))
    stored = StoredFile.objects.get()
    send(clerk, SimpleUploadedFile("again.pdf", PDF))
    clerk.post(f"/admin/files/storedfile/{stored.pk}/delete/", {"post": "yes"})

    deeds = Deed.objects.filter(model="files.storedfile").order_by("position")

    assert [deed.verb for deed in deeds] == [Verb.CREATED, Verb.DELETED]


def test_page_of_a_file_tells_what_uses_it(clerk):
    stored = stored_file(JPEG, "sample.jpg")
    illustration(article("opening"), picture(file=stored))

    of_file = clerk.get(f"/admin/files/storedfile/{stored.pk}/change/")

    assert "<li>Picture “sample.jpg”</li>" in of_file.content.decode()


def test_picture_is_a_picture(clerk):
    stored = stored_file(PDF)

    address = "/admin/files/picture/add/"
    answer = clerk.post(address, token_for(clerk, address) | {"file": stored.pk})

    assert "“sample.pdf” is no picture" in answer.content.decode()
    assert not Picture.objects.exists()
