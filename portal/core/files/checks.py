"""System checks that warn about data in a folder used by an earlier release."""

import contextlib
import logging
import shlex
from pathlib import Path

from django.conf import settings
from django.core import checks

from portal.core.files.models import STORAGE_FOLDER
from portal.core.files.relocation import (
    find_former_roots,
    find_missing_names,
    get_current_root,
)

logger = logging.getLogger(__name__)


def check_stored_files(app_configs=None, **kwargs) -> list[checks.Warning]:
    """Warn about stored files that exist only in a folder used by an earlier release.

    A warning, because an error would also stop `publish_due`.
    """
    warnings = []
    for former in find_former_roots():
        if missing := find_missing_names(former):
            current = get_current_root() / STORAGE_FOLDER
            message = (
                f"{len(missing)} stored files are in {former / STORAGE_FOLDER}, where"
                f" an earlier release put them. The portal reads {current}, which does"
                " not have them."
            )
            command = f"python manage.py move_stored_files {shlex.quote(str(former))}"
            hint = f"Run: {command} (it copies them and deletes nothing)."
            warnings.append(checks.Warning(message, hint=hint, id="files.W001"))
    return warnings


def check_local_database(app_configs=None, **kwargs) -> list[checks.Warning]:
    """Warn about a local SQLite database where an earlier release created it.

    When PORTAL_VAR was empty, earlier releases created ``db.sqlite3`` in the project
    folder or in the working folder.
    """
    current = (Path(settings.PORTAL_VAR) / "db.sqlite3").resolve()
    if Path(settings.DATABASES["default"]["NAME"]).resolve() != current:
        return []
    folders = {Path(settings.BASE_DIR).resolve()}
    with contextlib.suppress(OSError):  # the working folder was deleted
        folders.add(Path.cwd())
    former_databases = [folder / "db.sqlite3" for folder in sorted(folders)]
    return [
        checks.Warning(
            f"There is a local database at {former}, where an earlier release put it"
            f" when PORTAL_VAR was empty. The portal uses {current}.",
            hint=(
                "Stop the portal. If you need the old database, move it there with its"
                " -wal and -shm files; otherwise rename it."
            ),
            id="files.W002",
        )
        for former in former_databases
        if former != current and former.is_file()
    ]


def log_misplaced_files() -> None:
    """Log the warnings of check_stored_files: web processes run no system checks."""
    for warning in check_stored_files():
        logger.error("%s %s", warning.msg, warning.hint)
