"""Which paths lead to a page of this site."""

import re

from django.urls import Resolver404, resolve
from django.utils.translation import override

from portal.languages import BY_CODE

# One “/” at the beginning: a browser takes “//host” and “/\host” for another site.
_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")
_LONGEST = 300


def is_own_page(path: str) -> bool:
    """Whether ``path`` (no host, no query) is that of a page in one of our languages.

    Looks at the shape of the address only: the record need not exist.
    """
    code = path.split("/")[1] if path.startswith("/") else ""
    if len(path) > _LONGEST or not _PATH.fullmatch(path) or code not in BY_CODE:
        return False
    with override(code):
        try:
            resolve(path)
        except Resolver404:
            return False
    return True
