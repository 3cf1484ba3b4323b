"""Cache of compiled PDFs and share images."""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pypdf
import typst
from django.core.cache import cache as django_cache

_PACKAGE = Path(__file__).resolve().parent
_CACHE_SECONDS = 24 * 60 * 60
# Larger outputs are not cached.
_MAX_CACHED_BYTES = 2_000_000


def cached_output(data: dict, compile_output: Callable[[], bytes]) -> bytes:
    """Return the compiled output of ``data`` from the cache.

    If it is not cached, call ``compile_output`` and cache the result.
    """
    serialized = json.dumps([_code_version(), data], ensure_ascii=False, sort_keys=True)
    key = f"printed:{hashlib.sha256(serialized.encode()).hexdigest()}"
    output = django_cache.get(key)
    if output is None:
        output = compile_output()
        if len(output) <= _MAX_CACHED_BYTES:
            django_cache.set(key, output, _CACHE_SECONDS)
    return output


@cache
def _code_version() -> str:
    """Return a hash of the files here and the library versions, part of each cache key.

    Outputs of older templates, code or libraries are therefore not used.
    """
    files = sorted(
        path for ending in ("py", "svg", "typ") for path in _PACKAGE.glob(f"*.{ending}")
    )
    texts = b"".join(path.read_bytes() for path in files)
    versions = f"{typst.__version__}:{pypdf.__version__}"
    return f"{versions}:{hashlib.sha256(texts).hexdigest()}"
