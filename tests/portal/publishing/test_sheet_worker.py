"""A list that a real worker checks and writes: only in make test-services."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.history.chain import verify
from portal.publishing.models import ImportBatch
from portal.publishing.spreadsheets.choices import ImportState
from seminars.models import Seminar
from tests.adminforms import token_for, write_button
from tests.portal.publishing.office_sheets import csv_of, permitted

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
WAIT_SECONDS = 30
ADD = "/admin/publishing/importbatch/add/"


@pytest.fixture
def clerk(client):
    rights = ("add_seminar", "change_seminar", "view_seminar")
    client.force_login(permitted(*(f"seminars.{right}" for right in rights)))
    client.post("/accounts/language/", {"language": "zh-hans"})
    return client


def bring(clerk, *rows: tuple[str, str]) -> str:
    """The address of the import of these seminars."""
    content = csv_of(("title_zh", "scope"), *rows)
    file = SimpleUploadedFile("rows.csv", content)
    sent = token_for(clerk, ADD) | {"resource": "seminars", "file": file}
    return clerk.post(ADD, sent)["Location"]


def waited_for(*passing: ImportState) -> ImportBatch:
    """The import, when it is in none of these states any more."""
    last = time.monotonic() + WAIT_SECONDS
    batch = ImportBatch.objects.get()
    while batch.state in passing and time.monotonic() < last:
        time.sleep(0.1)
        batch.refresh_from_db()
    return batch


def test_worker_checks_writes_and_leaves_a_chain_that_holds(
    clerk, celery_worker_process
):
    address = bring(clerk, *((f"样本{n}", "related") for n in range(300)))
    checked = waited_for(ImportState.CHECKING)
    assert (checked.state, checked.counts["created"]) == (ImportState.CHECKED, 300)
    assert not Seminar.objects.exists()

    clerk.post(address, write_button(clerk, address))

    written = waited_for(ImportState.CHECKED, ImportState.WRITING)
    assert written.state == ImportState.WRITTEN
    assert Seminar.objects.filter(status="draft").count() == 300
    assert verify().broken_at is None


def test_worker_tells_bad_rows_in_the_language_of_the_clerk(
    clerk, celery_worker_process
):
    bring(clerk, ("样本", "related"), ("样本二", "外交"))

    batch = waited_for(ImportState.CHECKING)

    ((row, _column, value, remedy),) = batch.errors
    assert (batch.state, row, value) == (ImportState.CHECKED, 3, "外交")
    assert any("一" <= sign <= "鿿" for sign in remedy)
