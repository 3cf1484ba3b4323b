"""Find and copy stored files that earlier releases stored in another folder.

With an empty or relative PORTAL_VAR or MEDIA_ROOT, earlier releases stored files below
the working folder of the process. The portal now reads them from MEDIA_ROOT only.
"""

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage

from portal.core.files.models import STORAGE_FOLDER, StoredFile

_SUBFOLDER = re.compile(r"[0-9a-f]{2}")
# Django appends seven characters if a file with that name exists.
_FILE_NAME = re.compile(r"([0-9a-f]{64})(_[A-Za-z0-9]{7})?")
_DIGEST_LENGTH = 64


class RelocationError(Exception):
    """The files cannot be copied; the message says why and what to do."""


@dataclass
class CopyReport:
    """Names of files, relative to the root folder, by the result of copying them.

    ``present``: the file is already in the new folder. ``conflicting``: the new folder
    has other bytes under that name. ``damaged``: the bytes do not match the SHA-256 in
    the name. Conflicting and damaged files are not copied.
    """

    copied: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    conflicting: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def get_current_root() -> Path | None:
    """Return the folder below which files are stored; None if it is not on disk."""
    try:
        return Path(_storage().path(""))
    except NotImplementedError:
        return None


def find_former_roots() -> list[Path]:
    """Return the folders in which an earlier release may have stored files.

    Empty if files are not stored on disk.
    """
    current = get_current_root()
    if current is None:
        return []
    base_folders = [Path(settings.BASE_DIR)]
    with contextlib.suppress(OSError):  # the working folder was deleted
        base_folders.append(Path.cwd())
    subfolders = [Path(), Path("media")]
    if (
        current.is_relative_to(base_folders[0])
        and current != base_folders[0] / "var" / "media"
    ):
        subfolders.append(current.relative_to(base_folders[0]))
    roots = {
        (base_folder / subfolder).resolve()
        for base_folder in base_folders
        for subfolder in subfolders
    }
    return sorted(roots - {current.resolve()})


def find_missing_names(former: Path) -> list[str]:
    """Return the names of stored files below ``former`` that MEDIA_ROOT lacks.

    Only names are compared, not bytes, because this runs at the start of every command.
    """
    names = set(iterate_stored_names(former))
    if names:
        names -= set(iterate_stored_names(get_current_root()))
    return sorted(names)


def iterate_stored_names(root: Path) -> Iterator[str]:
    """Yield the names, relative to ``root``, of stored files below it.

    Files without a SHA-256 in their name are skipped: the portal did not store them. A
    folder that cannot be read yields nothing.
    """
    with contextlib.suppress(OSError):
        for folder in sorted((root / STORAGE_FOLDER).iterdir()):
            if _SUBFOLDER.fullmatch(folder.name) and folder.is_dir():
                for path in sorted(folder.iterdir()):
                    if _is_stored(path):
                        yield f"{STORAGE_FOLDER}/{folder.name}/{path.name}"


def copy_files(former: Path, report: CopyReport) -> None:
    """Copy all stored files below ``former`` and add each of them to ``report``.

    A file gets its final name after its bytes are written and verified, so an
    interrupted run leaves no incomplete file under that name and the next run
    continues. Nothing is deleted or overwritten. Raises RelocationError if ``former``
    has no stored files, is the current folder, or files are not stored on disk; OSError
    if a file cannot be read or written.
    """
    current = get_current_root()
    if current is None:
        message = (
            "Files are not stored in a folder: copy them with the storage's tools."
        )
        raise RelocationError(message)
    if former.resolve() == current.resolve():
        message = f"{former} is the folder in which the portal stores files already."
        raise RelocationError(message)
    names = list(iterate_stored_names(former))
    if not names:
        message = f"There are no stored files in {former / STORAGE_FOLDER}."
        raise RelocationError(message)
    for name in names:
        _copy_file(former, current, name, report)


def _copy_file(former: Path, current: Path, name: str, report: CopyReport) -> None:
    source, target = former / name, current / name
    digest = _digest(source)
    if digest != target.name[:_DIGEST_LENGTH]:
        report.damaged.append(name)
    elif not target.exists():
        _write_copy(source, target, digest)
        report.copied.append(name)
    elif _digest(target) == digest:
        report.present.append(name)
    else:
        report.conflicting.append(name)


def _write_copy(source: Path, target: Path, digest: str) -> None:
    storage = _storage()
    folder_mode = getattr(storage, "directory_permissions_mode", None)
    target.parent.mkdir(mode=folder_mode or 0o777, parents=True, exist_ok=True)
    # `sweep_files` deletes the incomplete file that a killed run leaves here.
    handle, incomplete = tempfile.mkstemp(dir=target.parent, prefix="incomplete-")
    try:
        with source.open("rb") as reader, os.fdopen(handle, "wb") as writer:
            shutil.copyfileobj(reader, writer, 2**20)
            writer.flush()
            os.fsync(writer.fileno())
        copy = Path(incomplete)
        if _digest(copy) != digest:
            message = f"{target} cannot be written: its bytes differ when read back."
            raise RelocationError(message)
        # Also copies the date: `sweep_files` deletes files that are old and have no
        # row.
        shutil.copystat(source, copy)
        copy.chmod(getattr(storage, "file_permissions_mode", None) or 0o600)
        copy.rename(target)
    finally:
        Path(incomplete).unlink(missing_ok=True)


def _is_stored(path: Path) -> bool:
    match = _FILE_NAME.fullmatch(path.name)
    return bool(match) and path.name.startswith(path.parent.name) and path.is_file()


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _storage() -> Storage:
    return StoredFile._meta.get_field("content").storage
