"""Versions of the data that turns stored texts into what a reader is shown."""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

from django.conf import settings


@cache
def conversion_version() -> str:
    """The version of the data that converts simplified into traditional Chinese."""
    return f"opencc-{metadata.version('opencc')}"


@cache
def interface_version() -> str:
    """A short hash of the compiled message catalogues.

    It is read once for each process: a new catalogue comes with a restart.
    """
    content = hashlib.sha256()
    for folder in settings.LOCALE_PATHS:
        for path in sorted(Path(folder).glob("*/LC_MESSAGES/django.mo")):
            content.update(path.parts[-3].encode())
            content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()[:16]
