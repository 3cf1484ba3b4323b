"""System checks of the settings for the export of the end of the audit log."""

import os
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def check_head_export(app_configs=None, **kwargs) -> list[checks.Warning]:
    """Warn about a folder or recipients that cannot be used.

    Warnings, because errors would also stop `publish_due`.
    """
    return [*_check_folder(), *_check_recipients()]


def _check_folder() -> list[checks.Warning]:
    if not settings.AUDIT_HEAD_DIRECTORY:
        return []
    folder = Path(settings.AUDIT_HEAD_DIRECTORY)
    if not folder.is_dir():
        problem = "is not a folder"
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        problem = "cannot be written by this user"
    else:
        return []
    return [
        checks.Warning(
            f"AUDIT_HEAD_DIRECTORY is {str(folder)!r}, which {problem}: the end of the"
            " audit log cannot be exported.",
            hint="Create the folder and let the users of the worker and of cron write"
            " to it, or leave the variable empty.",
            id="audit.W001",
        )
    ]


def _check_recipients() -> list[checks.Warning]:
    warnings = [
        checks.Warning(
            f"AUDIT_HEAD_RECIPIENTS contains {address!r}, which is not a mail address.",
            hint="Write addresses separated by commas, as in audit@office.example.",
            id="audit.W002",
        )
        for address in settings.AUDIT_HEAD_RECIPIENTS
        if not _is_mail_address(address)
    ]
    if settings.AUDIT_HEAD_RECIPIENTS and not settings.EMAIL_URL:
        warnings.append(
            checks.Warning(
                "AUDIT_HEAD_RECIPIENTS is set, but there is no mail server: the end of"
                " the audit log is not mailed.",
                hint="Set EMAIL_URL, or leave AUDIT_HEAD_RECIPIENTS empty.",
                id="audit.W003",
            )
        )
    return warnings


def _is_mail_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
