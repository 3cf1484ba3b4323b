"""Bodies compressed once: the same bytes for the same body, on every node."""

import gzip
import re

import brotli
from django.core.cache import cache

_WORTH_IT = 500
_KEPT_FOR = 24 * 60 * 60


def compressed(
    body: bytes, digest: str, accepted: str, *, keep: bool = True
) -> tuple[str, bytes]:
    """``body`` in the best encoding that ``accepted`` (Accept-Encoding) allows.

    Returns the encoding's name, "" for none, and the bytes. ``digest`` names the body,
    which is kept for the next reader if ``keep``.
    """
    encoding = _best(accepted) if len(body) >= _WORTH_IT else ""
    if not encoding:
        return "", body
    key = f"compressed:{encoding}:{digest}"
    kept = cache.get(key)
    if kept is None:
        kept = _compress(body, encoding)
        if keep:
            cache.set(key, kept, _KEPT_FOR)
    return encoding, kept


def _best(accepted: str) -> str:
    offered = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        is_refused = re.fullmatch(r"q=0(\.0*)?", parameter.replace(" ", ""))
        offered[name.strip()] = not is_refused
    return next((name for name in ("br", "gzip") if offered.get(name)), "")


def _compress(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli.compress(body, quality=6)
    # mtime 0: the time of compression must not get into the bytes.
    return gzip.compress(body, compresslevel=6, mtime=0)
