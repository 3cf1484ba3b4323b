"""Validation of URL paths that are stored or submitted as pages of this site."""

import re

from django.urls import Resolver404, resolve
from django.utils.translation import override

from portal.core.languages import LANGUAGES_BY_CODE

# Exactly one leading “/”: browsers treat “//host” and “/\host” as another site.
_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")
_MAX_LENGTH = 300


def is_site_path(path: str) -> bool:
    """Return whether ``path`` (no host, no query) has the form of a page address of
    this site.

    The path must begin with a language code of the site and match a URL pattern.
    Whether the record exists is not checked.
    """
    code = path.split("/")[1] if path.startswith("/") else ""
    if (
        len(path) > _MAX_LENGTH
        or not _PATH.fullmatch(path)
        or code not in LANGUAGES_BY_CODE
    ):
        return False
    with override(code):
        try:
            resolve(path)
        except Resolver404:
            return False
    return True
