"""Deterministic, cached compression of responses.

The same body is compressed to the same bytes on every server.
"""

import gzip
import re

import brotli
from django.core.cache import cache

_MIN_LENGTH = 500
_CACHE_TIMEOUT = 24 * 60 * 60


def compress_body(
    body: bytes, digest: str, accept_encoding: str, *, is_cached: bool = True
) -> tuple[str, bytes]:
    """Compress ``body`` with the best encoding that ``accept_encoding`` allows.

    Returns the encoding (``br``, ``gzip``, or "" for none) and the bytes. ``digest``
    identifies the body in the cache; the result is stored there if ``is_cached``.
    Bodies under 500 bytes are not compressed.
    """
    encoding = _choose_encoding(accept_encoding) if len(body) >= _MIN_LENGTH else ""
    if not encoding:
        return "", body
    key = f"compressed:{encoding}:{digest}"
    cached_body = cache.get(key)
    if cached_body is None:
        cached_body = _compress(body, encoding)
        if is_cached:
            cache.set(key, cached_body, _CACHE_TIMEOUT)
    return encoding, cached_body


def _choose_encoding(accept_encoding: str) -> str:
    is_accepted_by_name = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        is_refused = re.fullmatch(r"q=0(\.0*)?", parameter.replace(" ", ""))
        is_accepted_by_name[name.strip()] = not is_refused
    return next((name for name in ("br", "gzip") if is_accepted_by_name.get(name)), "")


def _compress(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli.compress(body, quality=6)
    # mtime=0: the bytes must not depend on the time of compression.
    return gzip.compress(body, compresslevel=6, mtime=0)
