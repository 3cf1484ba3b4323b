"""The typst compiler of a process: templates, fonts and a lock.

Only one compilation runs at a time; others wait.
"""

import json
import logging
from functools import cache
from pathlib import Path
from threading import Lock

import typst

from portal.website.printing.pdf_words import mark_words

logger = logging.getLogger(__name__)

_TEMPLATE_DIR = Path(__file__).resolve().parent
# PDF/A-2a (archiving) and PDF/UA-1 (accessibility); compilation fails for a text for
# which no font has a glyph.
_PDF_STANDARDS = ["a-2a", "ua-1"]
# Seconds to wait for the lock; then the client gets "try again": a compilation cannot
# be cancelled.
_LOCK_TIMEOUT_SECONDS = 15

_lock = Lock()


class CompilerBusyError(Exception):
    """The compiler stayed busy for the maximum waiting time; try again later."""


def compile_pdf(data: dict, *, timestamp: int) -> bytes:
    """Compile ``record.typ`` with ``data`` to PDF; the output is deterministic.

    ``timestamp`` (seconds since 1970) is the date in the document. If the PDF standards
    cannot be met, e.g. because a font lacks a glyph, the result is a plain PDF. Raise
    CompilerBusyError.
    """
    options = {"format": "pdf", "timestamp": timestamp}
    try:
        pdf = _compile("record", data, pdf_standards=_PDF_STANDARDS, **options)
    except typst.TypstError as error:
        logger.warning(
            "PDF standards not met for %s, writing a plain PDF: %s",
            data["address"],
            error,
        )
        pdf = _compile("record", data, **options)
    return mark_words(pdf)


def compile_png(data: dict) -> bytes:
    """Compile ``share_image.typ`` to a PNG of 1200 × 630 pixels.

    Raise CompilerBusyError.
    """
    return _compile("share_image", data, format="png", ppi=72)


def _compile(template: str, data: dict, **options) -> bytes:
    """Compile a typst template while holding the lock; raise CompilerBusyError."""
    if not _lock.acquire(timeout=_LOCK_TIMEOUT_SECONDS):
        raise CompilerBusyError
    try:
        return _compiler().compile(
            input=str(_TEMPLATE_DIR / f"{template}.typ"),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            **options,
        )
    finally:
        _lock.release()


@cache
def _compiler() -> typst.Compiler:
    """Return the typst compiler of this process, with the portal's own fonts only."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(_TEMPLATE_DIR / "fonts")],
    )
    return typst.Compiler(
        input=str(_TEMPLATE_DIR / "record.typ"),
        root=str(_TEMPLATE_DIR),
        font_paths=fonts,
    )
