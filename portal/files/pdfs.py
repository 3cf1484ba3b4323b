"""PDFs that are there to be read, and nothing else."""

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from portal.files.apart import TooSlow, Unreadable, read_apart

_SECONDS = 12


def check_pdf(content: File) -> None:
    """Raise ValidationError when a PDF does more than say something.

    It may hold no script, start no program, hold no other file, send no form, open
    nothing without a click and lead to no file server; it must be sound and without a
    password.
    """
    try:
        words = read_apart("pdf_check.py", content, seconds=_SECONDS)
    except TooSlow:
        raise ValidationError(
            _("The PDF takes too long to check. Print it into a new PDF.")
        ) from None
    except Unreadable:
        raise ValidationError(
            _("The PDF is damaged. Open it and print it into a new PDF.")
        ) from None
    if words:
        raise ValidationError([_told(word) for word in words.split()])


def _told(word: str) -> str:
    return {
        "encrypted": _("The PDF is protected. Save it without a password."),
        "scripts": _("The PDF contains a script. Print it into a new PDF."),
        "launch": _("The PDF starts a program. Print it into a new PDF."),
        "forms": _(
            "The PDF has a form that is sent to an address. Print it into a new PDF."
        ),
        "opens": _(
            "The PDF opens an address or another file without a click. Remove this "
            "action, or print it into a new PDF."
        ),
        "servers": _(
            "The PDF leads to a file on a file server. Remove the link, or print it "
            "into a new PDF."
        ),
        "attachments": _(
            "The PDF contains other files. Upload them by themselves, and print it "
            "into a new PDF."
        ),
    }[word]
