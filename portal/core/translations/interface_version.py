"""Versions of the data on which shown texts depend, besides the stored texts."""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

from django.conf import settings

from portal.core.translations.conversion import TERMS_FILE


@cache
def conversion_version() -> str:
    """Return the version of the program that converts into traditional text."""
    return f"opencc-{metadata.version('opencc')}"


@cache
def terms_version() -> str:
    """Return a short hash of the terms whose conversion is set."""
    return hashlib.sha256(TERMS_FILE.read_bytes()).hexdigest()[:8]


@cache
def interface_version() -> str:
    """Return a short hash of the compiled message catalogues.

    Computed once per process, because new catalogues are loaded only on restart.
    """
    content = hashlib.sha256()
    for folder in settings.LOCALE_PATHS:
        for path in sorted(Path(folder).glob("*/LC_MESSAGES/django.mo")):
            content.update(path.parts[-3].encode())
            content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()[:16]
