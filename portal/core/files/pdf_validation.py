"""Validation of PDFs: active content, damage and encryption are rejected."""

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from portal.core.files.sandbox import (
    SandboxLimitError,
    UnreadableFileError,
    run_sandboxed,
)

_TIMEOUT_SECONDS = 12


def check_pdf_is_passive(content: File) -> None:
    """Raise ValidationError if a PDF has active content, is damaged or is encrypted.

    Active content: scripts, actions that start programs, submit forms or open something
    without a click, attached files, and links to file servers. A PDF that takes too
    long to check is rejected too.
    """
    try:
        words = run_sandboxed(
            "portal.core.files.pdf_active_content.list_active_content",
            content,
            timeout_seconds=_TIMEOUT_SECONDS,
        )
    except SandboxLimitError:
        raise ValidationError(
            _("The PDF takes too long to check. Print it into a new PDF.")
        ) from None
    except UnreadableFileError:
        raise ValidationError(
            _("The PDF is damaged. Open it and print it into a new PDF.")
        ) from None
    if words:
        raise ValidationError([_get_error_message(word) for word in words.split()])


def _get_error_message(word: str) -> str:
    """Return the error message for a word of ``list_active_content``."""
    return {
        "encrypted": _("The PDF is protected. Save it without a password."),
        "scripts": _("The PDF contains a script. Print it into a new PDF."),
        "launch": _("The PDF starts a program. Print it into a new PDF."),
        "forms": _(
            "The PDF contains a form that sends data to an external "
            "address. Print the document into a new PDF."
        ),
        "opens": _(
            "The PDF opens a web address or another file "
            "automatically. Remove this action, or print the document "
            "into a new PDF."
        ),
        "servers": _(
            "The PDF links to a file on a file server. Remove the "
            "link, or print the document into a new PDF."
        ),
        "attachments": _(
            "The PDF contains other files. Upload those files separately "
            "and save the document as a new PDF."
        ),
    }[word]
