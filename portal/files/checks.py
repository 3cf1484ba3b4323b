"""System checks: data in a folder that an earlier release used."""

import contextlib
import logging
import shlex
from pathlib import Path

from django.conf import settings
from django.core import checks

from portal.files.models import FOLDER
from portal.files.relocation import current_root, former_roots, missing_names

logger = logging.getLogger(__name__)


def check_stored_files(app_configs=None, **kwargs) -> list[checks.Warning]:
    """Warn of stored files that lie where an earlier release put them.

    A warning, not an error: an error would also stop `publish_due`.
    """
    warnings = []
    for former in former_roots():
        if missing := missing_names(former):
            current = current_root() / FOLDER
            message = (
                f"{len(missing)} stored files are in {former / FOLDER}, where an"
                f" earlier release put them. The portal reads {current}, which does not"
                " have them."
            )
            command = f"python manage.py move_stored_files {shlex.quote(str(former))}"
            hint = f"Run: {command} (it copies them and deletes nothing)."
            warnings.append(checks.Warning(message, hint=hint, id="files.W001"))
    return warnings


def check_local_database(app_configs=None, **kwargs) -> list[checks.Warning]:
    """Warn of a local database that lies where an empty PORTAL_VAR once put it."""
    current = (Path(settings.PORTAL_VAR) / "db.sqlite3").resolve()
    if Path(settings.DATABASES["default"]["NAME"]).resolve() != current:
        return []
    folders = {Path(settings.BASE_DIR).resolve()}
    with contextlib.suppress(OSError):  # the working folder was deleted
        folders.add(Path.cwd())
    formers = [folder / "db.sqlite3" for folder in sorted(folders)]
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
        for former in formers
        if former != current and former.is_file()
    ]


def log_misplaced_files() -> None:
    """Log the warnings about stored files: a web process runs no system checks."""
    for warning in check_stored_files():
        logger.error("%s %s", warning.msg, warning.hint)
