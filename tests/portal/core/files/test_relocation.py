"""Stored files in the media folder of an earlier release: warning and copy command."""

import hashlib
import logging
import os
import shutil
from pathlib import Path

import pytest
from django.core import checks
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command

from portal.core.files.checks import (
    check_local_database,
    check_stored_files,
    log_misplaced_files,
)
from portal.core.files.models import StoredFile
from portal.core.files.relocation import get_current_root


@pytest.fixture
def project(settings, tmp_path, monkeypatch) -> Path:
    """Return a project folder that is the working directory.

    ``MEDIA_ROOT`` is the default, ``var/media`` in this folder.
    """
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    settings.BASE_DIR = project
    settings.PORTAL_VAR = project / "var"
    settings.MEDIA_ROOT = project / "var" / "media"
    return project


def name_of(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    return f"stored/{digest[:2]}/{digest}"


def write(root: Path, content: bytes, name: str = "") -> Path:
    path = root / (name or name_of(content))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def files_in(root: Path) -> dict[str, bytes]:
    paths = [path for path in root.rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def test_every_former_folder_is_named_with_the_command(project, settings, tmp_path):
    other_folder = tmp_path / "a folder"
    other_folder.mkdir()
    settings.MEDIA_ROOT = project / "data" / "uploads"
    new = project / "data" / "uploads" / "stored"
    formers = {
        project / "media": (b"PORTAL_VAR was empty",),
        project: (b"MEDIA_ROOT was empty", b"two files"),
        other_folder: (b"another working folder",),
        other_folder / "data" / "uploads": (b"MEDIA_ROOT was relative",),
    }
    for root, contents in formers.items():
        for content in contents:
            write(root, content)
    os.chdir(other_folder)

    warnings = check_stored_files()

    by_folder = {warning.msg.split(", where ")[0]: warning for warning in warnings}
    assert set(by_folder) == {
        f"{len(contents)} stored files are in {root / 'stored'}"
        for root, contents in formers.items()
    }
    assert {warning.id for warning in warnings} == {"files.W001"}
    assert all(f"The portal reads {new}, which" in w.msg for w in warnings)
    hint = by_folder[f"1 stored files are in {other_folder / 'stored'}"].hint
    assert f"python manage.py move_stored_files '{other_folder}' (" in hint


def test_check_is_registered_and_runs_with_check(project, capsys):
    write(project, b"old")
    registered = checks.registry.registry.registered_checks
    assert {check_stored_files, check_local_database} <= registered

    call_command("check")

    printed = capsys.readouterr().err
    assert f"python manage.py move_stored_files {project} (" in printed


def test_files_in_the_present_folder_are_not_reported(project, settings):
    """The current media folder may be anywhere, also behind a symbolic link."""
    write(project / "media", b"old")
    assert len(check_stored_files()) == 1

    settings.MEDIA_ROOT = project / "media"
    assert check_stored_files() == []

    settings.MEDIA_ROOT = project / "link"
    (project / "link").symlink_to(project / "media")
    assert check_stored_files() == []


def test_files_that_are_not_the_portals_are_not_reported(project):
    digest = hashlib.sha256(b"text").hexdigest()
    write(project, b"text", "stored/notes.txt")
    write(project, b"text", f"stored/{digest}")
    write(project, b"text", f"stored/zz/{digest}")
    write(project, b"text", f"stored/00/{digest}")
    write(project, b"text", f"stored/{digest[:2]}/{digest}.txt")
    write(project, b"text", f"stored/{digest[:2]}/incomplete-abc")
    assert check_stored_files() == []

    write(project, b"text", f"stored/{digest[:2]}/{digest}_aB3dE6g")
    assert len(check_stored_files()) == 1


def test_deleted_working_folder_does_not_stop_the_check(project, tmp_path):
    write(project, b"old")
    deleted_folder = tmp_path / "gone"
    deleted_folder.mkdir()
    os.chdir(deleted_folder)
    deleted_folder.rmdir()

    assert len(check_stored_files()) == 1


def test_storage_that_is_not_a_folder_is_not_checked(project, monkeypatch):
    def no_path(storage, name):
        raise NotImplementedError

    write(project, b"old")
    assert len(check_stored_files()) == 1
    monkeypatch.setattr(FileSystemStorage, "path", no_path)

    assert check_stored_files() == []
    with pytest.raises(CommandError, match="not stored in a folder"):
        call_command("move_stored_files", str(project))


def test_web_process_logs_misplaced_files(project, caplog):
    write(project, b"old")

    with caplog.at_level(logging.ERROR):
        log_misplaced_files()

    assert f"move_stored_files {project} (" in caplog.text


def test_command_copies_files_and_deletes_nothing(project, capsys):
    old = {content: write(project, content) for content in (b"a", b"b", b"c")}
    written = write(project / "var" / "media", b"c")
    os.utime(old[b"a"], (10**9, 10**9))
    before = files_in(project)

    call_command("move_stored_files", str(project))

    new = files_in(project / "var" / "media")
    assert new == {name_of(content): content for content in old}
    assert before.items() <= files_in(project).items()
    copy = project / "var" / "media" / name_of(b"a")
    assert copy.stat().st_mtime == 10**9
    assert copy.stat().st_mode & 0o777 == 0o644
    assert written.read_bytes() == b"c"
    assert capsys.readouterr().out.splitlines() == [
        "2 copied, 1 already there, nothing deleted.",
        (
            "After checking that the portal serves its files, you can delete "
            f"{project / 'stored'}."
        ),
    ]
    assert check_stored_files() == []


def test_command_may_run_again(project, capsys):
    write(project, b"a")

    call_command("move_stored_files", str(project))
    call_command("move_stored_files", ".")

    assert "0 copied, 1 already there" in capsys.readouterr().out
    assert files_in(project / "var" / "media") == {name_of(b"a"): b"a"}


def test_interrupted_run_leaves_no_part_and_is_continued(project, monkeypatch, capsys):
    for content in (b"first", b"second", b"third"):
        write(project, content)
    copy = shutil.copyfileobj
    calls = []

    def fail_at_the_second(reader, writer, length):
        calls.append(reader)
        if len(calls) == 2:
            writer.write(b"par")
            writer.flush()
            message = "No space left on device"
            raise OSError(message)
        copy(reader, writer, length)

    monkeypatch.setattr(shutil, "copyfileobj", fail_at_the_second)
    with pytest.raises(CommandError, match="Stopped after 1 copies: No space left"):
        call_command("move_stored_files", str(project))
    assert len(files_in(project / "var" / "media")) == 1
    assert len(check_stored_files()) == 1

    call_command("move_stored_files", str(project))

    assert "2 copied, 1 already there" in capsys.readouterr().out
    assert len(files_in(project / "var" / "media")) == 3


def test_killed_run_is_continued(project):
    """The killed run leaves an incomplete file, which does not stop the next run."""
    path = write(project, b"whole")
    incomplete = project / "var" / "media" / name_of(b"whole")
    write(incomplete.parent, b"who", "incomplete-abc")

    call_command("move_stored_files", str(project))

    assert incomplete.read_bytes() == path.read_bytes()


def test_other_bytes_are_not_overwritten_and_damaged_ones_not_copied(project, capsys):
    write(project, b"good")
    write(project, b"kept")
    damaged = write(project, b"cut off", name_of(b"complete"))
    other_file = write(project / "var" / "media", b"other", name_of(b"kept"))
    before = files_in(project)

    with pytest.raises(CommandError, match="2 files were not copied; keep"):
        call_command("move_stored_files", str(project))

    printed = capsys.readouterr()
    assert f"a different file with this name exists: {name_of(b'kept')}" in printed.err
    assert f"does not match its SHA-256: {name_of(b'complete')}" in printed.err
    assert "you can remove" not in printed.out
    assert other_file.read_bytes() == b"other"
    assert damaged.read_bytes() == b"cut off"
    good = {f"var/media/{name_of(b'good')}": b"good"}
    assert files_in(project) == before | good


def test_copy_that_reads_back_differently_is_refused(project, monkeypatch):
    write(project, b"good")
    monkeypatch.setattr(
        shutil, "copyfileobj", lambda reader, writer, length: writer.write(b"bad")
    )

    with pytest.raises(CommandError, match="differ when read back"):
        call_command("move_stored_files", str(project))

    assert files_in(project / "var") == {}


def test_wrong_folder_is_refused(project):
    write(project, b"old")
    write(project / "var" / "media", b"new")
    for folder, reason in (
        (project / "nowhere", "There are no stored files in"),
        (project / "stored", "There are no stored files in"),
        (project / "var" / "media", "in which the portal stores files already"),
    ):
        with pytest.raises(CommandError, match=reason):
            call_command("move_stored_files", str(folder))


@pytest.mark.django_db
def test_upgrade_serves_files_that_were_stored_in_the_working_folder(project):
    """File names in the database are relative to MEDIA_ROOT, so no row must change."""
    content = b"uploaded before the upgrade"
    write(project, content)
    stored = StoredFile.objects.create(
        sha256=hashlib.sha256(content).hexdigest(),
        content=name_of(content),
        name="sample.pdf",
        media_type="application/pdf",
        size=len(content),
    )
    with pytest.raises(FileNotFoundError):
        stored.content.open("rb")

    call_command("move_stored_files", str(project))

    with stored.content.open("rb") as opened:
        assert opened.read() == content
    assert get_current_root() == project / "var" / "media"


def test_local_database_in_the_working_folder_is_reported(
    project, settings, monkeypatch
):
    database = settings.DATABASES["default"]
    monkeypatch.setitem(database, "NAME", str(project / "var" / "db.sqlite3"))
    assert check_local_database() == []
    (project / "db.sqlite3").touch()

    (warning,) = check_local_database()

    assert f"There is a local database at {project / 'db.sqlite3'}, " in warning.msg
    assert f"The portal uses {project / 'var' / 'db.sqlite3'}." in warning.msg
    monkeypatch.setitem(database, "NAME", "portal")
    assert check_local_database() == []
    monkeypatch.setitem(database, "NAME", str(project / "db.sqlite3"))
    settings.PORTAL_VAR = project
    assert check_local_database() == []
