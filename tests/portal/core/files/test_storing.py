"""Equal files are stored once; unused bytes are deleted and used files are kept."""

import datetime as dt
import os
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction

from portal.core.files import operations
from portal.core.files.models import StoredFile
from portal.core.files.tasks import delete_orphaned_files as sweep_task
from portal.core.files.upload_validation import ValidatedUpload
from portal.core.files.usage import get_usages
from tests.factories.conference import article
from tests.factories.files import JPEG, PDF, picture, stored_file
from tests.factories.publishing import attachment, illustration
from tests.factories.seminars import material, seminar

NOW = dt.datetime(2024, 5, 6, 8, 0, tzinfo=dt.UTC)


def bytes_on_disk() -> set[str]:
    storage = StoredFile._meta.get_field("content").storage
    folders = storage.listdir("stored")[0] if storage.exists("stored") else []
    return {
        f"stored/{folder}/{name}"
        for folder in folders
        for name in storage.listdir(f"stored/{folder}")[1]
    }


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.django_db
def test_concurrent_duplicate_upload_keeps_one_row(monkeypatch):
    """The second upload looks for the file before the first has saved it."""
    first = stored_file()
    queryset = type(StoredFile.objects.all())
    original_first = queryset.first
    monkeypatch.setattr(queryset, "first", lambda self: None)

    second = operations.store_validated_upload(
        ValidatedUpload(ContentFile(PDF), "application/pdf", ".pdf"), name="b.pdf"
    )

    monkeypatch.setattr(queryset, "first", original_first)
    assert second == first
    assert bytes_on_disk() == {first.content.name}


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="a database in memory has one connection"
)
@pytest.mark.django_db(transaction=True)
def test_parallel_uploads_create_one_file():
    start, keys = threading.Barrier(4), []

    def upload():
        start.wait()
        try:
            keys.append(stored_file(PDF).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert keys == [StoredFile.objects.get().pk] * 4
    assert len(bytes_on_disk()) == 1


def leave(name: str, age: dt.timedelta) -> str:
    """Store bytes without a database row, as a failed upload does; return the name."""
    storage = StoredFile._meta.get_field("content").storage
    stored_name = storage.save(f"stored/ab/{name}", ContentFile(b"left behind"))
    modified_at = (NOW - age).timestamp()
    os.utime(storage.path(stored_name), (modified_at, modified_at))
    return stored_name


@pytest.mark.django_db
def test_orphaned_bytes_are_deleted_after_a_day():
    stored = stored_file()
    modified_at = (NOW - dt.timedelta(days=99)).timestamp()
    os.utime(stored.content.path, (modified_at, modified_at))
    leave("old", dt.timedelta(hours=25))
    young = leave("young", dt.timedelta(hours=23))

    assert operations.delete_orphaned_files(at=NOW) == 1
    assert bytes_on_disk() == {stored.content.name, young}


@pytest.mark.django_db
def test_bytes_of_failed_upload_are_deleted():
    class Failed(Exception):
        pass

    def failing():
        with transaction.atomic():
            stored_file()
            raise Failed

    with pytest.raises(Failed):
        failing()

    assert len(bytes_on_disk()) == 1
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    assert operations.delete_orphaned_files(at=later) == 1
    assert bytes_on_disk() == set()


@pytest.mark.django_db
def test_sweep_command_reports_deleted_count(capsys):
    leave("old", dt.timedelta(days=9))

    call_command("sweep_files")

    assert capsys.readouterr().out == "1 deleted.\n"
    assert sweep_task() == 0


@pytest.mark.django_db
def test_file_usages_are_listed_by_record():
    stored = stored_file(JPEG, "sample.jpg")
    record = article("opening")
    attachment(record, stored)
    attachment(record, stored, title="Once more")
    with_material = material(seminar(), file=stored).seminar
    used_picture = picture(file=stored)
    illustration(article("closing"), used_picture)

    assert sorted(get_usages(stored)) == [
        "News article “Sample opening”",
        "Picture “sample.jpg”",
        f"Seminar “{with_material}”",
    ]
    assert get_usages(used_picture) == ["News article “Sample closing”"]
    assert get_usages(stored_file(PDF)) == []
