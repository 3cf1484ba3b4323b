"""Import that a real Celery worker checks and writes; only in make test-services."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.content.publishing.import_choices import ImportState
from portal.content.publishing.models import ImportBatch
from portal.core.audit.chain import verify_chain
from seminars.models import Seminar
from tests.admin_forms import token_for, write_button
from tests.portal.content.spreadsheets.import_helpers import csv_of, permitted

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
WAIT_SECONDS = 30
ADD = "/admin/publishing/importbatch/add/"


@pytest.fixture
def staff_client(client):
    codenames = ("add_seminar", "change_seminar", "view_seminar")
    client.force_login(permitted(*(f"seminars.{codename}" for codename in codenames)))
    client.post("/accounts/language/", {"language": "zh-hans"})
    return client


def upload_seminars(staff_client, *rows: tuple[str, str]) -> str:
    """Upload a list of seminars; return the URL of the import."""
    content = csv_of(("title_zh", "scope"), *rows)
    file = SimpleUploadedFile("rows.csv", content)
    form_data = token_for(staff_client, ADD) | {"resource": "seminars", "file": file}
    return staff_client.post(ADD, form_data)["Location"]


def waited_for(*transient_states: ImportState) -> ImportBatch:
    """Wait until the import has left the states ``passing``; return it."""
    deadline = time.monotonic() + WAIT_SECONDS
    batch = ImportBatch.objects.get()
    while batch.state in transient_states and time.monotonic() < deadline:
        time.sleep(0.1)
        batch.refresh_from_db()
    return batch


def test_worker_checks_and_writes_import_with_valid_audit_chain(
    staff_client, celery_worker_process
):
    url = upload_seminars(staff_client, *((f"样本{n}", "related") for n in range(300)))
    checked = waited_for(ImportState.CHECKING)
    assert (checked.state, checked.counts["created"]) == (ImportState.CHECKED, 300)
    assert not Seminar.objects.exists()

    staff_client.post(url, write_button(staff_client, url))

    written = waited_for(ImportState.CHECKED, ImportState.WRITING)
    assert written.state == ImportState.WRITTEN
    assert Seminar.objects.filter(status="draft").count() == 300
    assert verify_chain().first_broken_position is None


def test_worker_reports_errors_in_user_language(staff_client, celery_worker_process):
    upload_seminars(staff_client, ("样本", "related"), ("样本二", "外交"))

    batch = waited_for(ImportState.CHECKING)

    ((row, _column, value, remedy),) = batch.errors
    assert (batch.state, row, value) == (ImportState.CHECKED, 3, "外交")
    assert any("一" <= character <= "鿿" for character in remedy)
