"""The same bytes once, nothing orphaned, nothing deleted that is in use."""

import datetime as dt
import os
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction

from portal.files import operations
from portal.files.examination import Examined
from portal.files.models import StoredFile
from portal.files.tasks import sweep as sweep_task
from portal.files.uses import uses_of
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
def test_of_two_who_bring_the_same_bytes_one_is_kept(monkeypatch):
    """The second looks before the first has saved, and saves after it."""
    first = stored_file()
    queryset = type(StoredFile.objects.all())
    looked = queryset.first
    monkeypatch.setattr(queryset, "first", lambda found: None)

    second = operations.keep(
        Examined(ContentFile(PDF), "application/pdf", ".pdf"), name="b.pdf"
    )

    monkeypatch.setattr(queryset, "first", looked)
    assert second == first
    assert bytes_on_disk() == {first.content.name}


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="a database in memory has one connection"
)
@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_end_with_one_file():
    start, kept = threading.Barrier(4), []

    def upload():
        start.wait()
        try:
            kept.append(stored_file(PDF).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert kept == [StoredFile.objects.get().pk] * 4
    assert len(bytes_on_disk()) == 1


def leave(name: str, age: dt.timedelta) -> str:
    """Bytes of an upload that failed."""
    storage = StoredFile._meta.get_field("content").storage
    kept = storage.save(f"stored/ab/{name}", ContentFile(b"left behind"))
    then = (NOW - age).timestamp()
    os.utime(storage.path(kept), (then, then))
    return kept


@pytest.mark.django_db
def test_bytes_without_a_row_are_deleted_after_a_day():
    kept = stored_file()
    then = (NOW - dt.timedelta(days=99)).timestamp()
    os.utime(kept.content.path, (then, then))
    leave("old", dt.timedelta(hours=25))
    young = leave("young", dt.timedelta(hours=23))

    assert operations.sweep(at=NOW) == 1
    assert bytes_on_disk() == {kept.content.name, young}


@pytest.mark.django_db
def test_bytes_of_an_upload_that_failed_are_swept():
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
    assert operations.sweep(at=later) == 1
    assert bytes_on_disk() == set()


@pytest.mark.django_db
def test_sweeping_nothing_is_told(capsys):
    leave("old", dt.timedelta(days=9))

    call_command("sweep_files")

    assert capsys.readouterr().out == "1 deleted.\n"
    assert sweep_task() == 0


@pytest.mark.django_db
def test_uses_of_a_file_are_told_by_record():
    stored = stored_file(JPEG, "sample.jpg")
    record = article("opening")
    attachment(record, stored)
    attachment(record, stored, title="Once more")
    held = material(seminar(), file=stored).seminar
    shown = picture(file=stored)
    illustration(article("closing"), shown)

    assert sorted(uses_of(stored)) == [
        "Article “Sample opening”",
        "Picture “sample.jpg”",
        f"Seminar “{held}”",
    ]
    assert uses_of(shown) == ["Article “Sample closing”"]
    assert uses_of(stored_file(PDF)) == []
