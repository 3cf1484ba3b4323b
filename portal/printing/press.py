"""The one typst compiler of a process: templates, fonts, and a queue before it."""

import json
import logging
from functools import cache
from pathlib import Path
from threading import Lock

import typst

logger = logging.getLogger(__name__)

_HERE = Path(__file__).resolve().parent
# Templates read the drum from beside the site's other pictures.
_ROOT = _HERE.parent
# Archivable and accessible; both refuse a text for which no font has a glyph.
_STANDARDS = ["a-2a", "ua-1"]
# Who waits longer is told to come back: compiling cannot be broken off.
_WAITS = 15

_lock = Lock()


class PressBusy(Exception):
    """Others are being served; nothing was set. Ask again in a few seconds."""


def set_pdf(data: dict, *, timestamp: int) -> bytes:
    """``data`` set by ``record.typ``: the same bytes for the same data.

    ``timestamp`` (seconds since 1970) is the document's own date. Where a font lacks a
    glyph, or the standards refuse something else, it is plain PDF. Raises PressBusy.
    """
    options = {"format": "pdf", "timestamp": timestamp}
    try:
        return _compiled("record", data, pdf_standards=_STANDARDS, **options)
    except typst.TypstError as problem:
        logger.warning("plain PDF of %s: %s", data["address"], problem)
    return _compiled("record", data, **options)


def set_picture(data: dict) -> bytes:
    """``data`` set by ``card.typ``: a PNG of 1200 × 630. Raises PressBusy."""
    return _compiled("card", data, format="png", ppi=72)


def _compiled(template: str, data: dict, **options) -> bytes:
    if not _lock.acquire(timeout=_WAITS):
        raise PressBusy
    try:
        return _compiler().compile(
            input=str(_HERE / f"{template}.typ"),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            **options,
        )
    finally:
        _lock.release()


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(_HERE / "fonts")],
    )
    return typst.Compiler(
        input=str(_HERE / "record.typ"), root=str(_ROOT), font_paths=fonts
    )
