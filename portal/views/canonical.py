"""The correct address for a request whose address is nearly right.

Shared links arrive with the punctuation of the sentence around them, in another letter
case, without the last slash, or with another code for the language. The correct address
is looked up once the address as it came has been found not to exist, so that ordinary
requests cost nothing more.
"""

import re
import unicodedata
from codecs import getincrementaldecoder
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.translation import override

from portal.catalogue.models import Entry
from portal.directory.pages import RecordPage
from portal.languages import language_for
from portal.publishing.files import is_public_file
from portal.publishing.models import Redirect

# No address of the portal is longer, except those of files with long names.
_LONGEST = 1000
_CLOSED = ("/admin/", "/accounts/", "/api/v1/")
# Endings of a record's other addresses: its PDF and its share image.
_ENDINGS = ("print/", "card.png")
# Closing and final punctuation, closing quotation marks (some languages close with the
# marks that others open with), white space and invisible characters.
_CATEGORIES = {"Pe", "Pf", "Pi", "Po", "Zs", "Zl", "Zp", "Cf"}
# Signs that work as punctuation: Unicode has the Thai and Lao abbreviation marks among
# the letters, ">" closes an address in e-mail, and line ends are control characters.
_OTHER_MARKS = "ฯຯ>`|\t\n\r"
# ASCII, because PostgreSQL takes "ſ" for a small "s" and SQLite does not.
_CODE = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class _Address:
    """A path that may be tried, with the language that it is resolved in."""

    path: str
    language: str


def canonical_path(path: str) -> str | None:
    """Return the correct address for ``path``, None when there is no other.

    One result corrects all at once: punctuation and white space at the end, the last
    slash, letter case, the code of the language, an old code of a record. It is an
    address that answers: a page that always exists, a published record (also its PDF
    and share image), a public file, or an address of the old sites that has moved. A
    record that is not public is treated like one that does not exist. The result is
    escaped for a Location header and has no host. Raises the errors of the database.
    """
    decoded = _decoded(path)
    if len(path) > _LONGEST or "\0" in decoded:
        return None
    found = (_existing(address) for address in _addresses(decoded))
    first = next((one for one in found if one), None)
    return first if first != escape_uri_path(path) else None


def canonical_location(request) -> str | None:
    """Return the correct address for a request, with its query, or None."""
    if request.method not in ("GET", "HEAD"):
        return None
    path = canonical_path(request.path_info)
    return with_query(path, request) if path else None


def with_query(path: str, request) -> str:
    """Return the escaped ``path`` with the query of ``request`` as it was sent."""
    query = request.META.get("QUERY_STRING", "")
    if not query or not {"?", "#"}.isdisjoint(path):
        return path
    try:
        # WSGI has the bytes of the query as latin-1.
        raw = query.encode("latin-1")
    except UnicodeEncodeError:
        raw = query.encode()
    return f"{path}?{iri_to_uri(raw)}"


def _decoded(path: str) -> str:
    """``path`` as UTF-8, where something on the way encoded it twice.

    Django writes bytes that are no UTF-8 as percent escapes.
    """
    for encoded in (unquote_to_bytes, lambda text: text.encode("latin-1")):
        try:
            # A character that is cut off at the end is left out.
            path = getincrementaldecoder("utf-8")().decode(encoded(path))
        except UnicodeError:
            continue
    return path


def _addresses(path: str) -> list[_Address]:
    """The addresses to try for ``path``, the most likely first."""
    trimmed = _trimmed(path)
    plain = [_in_language(trimmed + ending) for ending in ("/", "")]
    # Only behind a language: the names of files are different in another letter case.
    lower = [
        _Address(address.path.lower(), address.language)
        for address in plain
        if address.language
    ]
    return [one for one in dict.fromkeys(plain + lower) if _is_open(one.path)]


def _is_open(path: str) -> bool:
    """Whether ``path`` is on this site and public.

    A browser takes "//host" and "/\\host" for another site.
    """
    return path.startswith("/") and not path.startswith(("//", "/\\", *_CLOSED))


def _trimmed(path: str) -> str:
    """``path`` without slashes, punctuation and white space at its end."""
    end = len(path)
    while end and (path[end - 1] == "/" or _is_mark(path[end - 1])):
        end -= 1
    return path[:end]


def _is_mark(character: str) -> bool:
    is_mark = unicodedata.category(character) in _CATEGORIES
    return is_mark or character in _OTHER_MARKS


def _in_language(path: str) -> _Address:
    """``path`` with the portal's own code of the language that it begins with."""
    code, slash, rest = path.removeprefix("/").partition("/")
    language = language_for(code) if slash else None
    if language is None:
        return _Address(path, "")
    return _Address(f"/{language.code}/{rest}", language.code)


def _existing(address: _Address) -> str | None:
    """The escaped address that answers for ``address``, None when nothing is there."""
    for ending in _ENDINGS:
        page = address.path.removesuffix(f"/{ending}")
        match = _resolved(f"{page}/", address) if page != address.path else None
        if match and _is_record(match):
            found = _record_path(match, address)
            return found and found + ending
    match = _resolved(address.path, address)
    if match is None:
        return None
    if _is_record(match):
        return _record_path(match, address)
    find = _FINDERS.get(match.url_name) if match.kwargs else _same_path
    return find(address.path, match) if find else None


def _resolved(path: str, address: _Address) -> ResolverMatch | None:
    try:
        # Routes behind a language prefix resolve in their own language only.
        with override(address.language or None):
            return resolve(path)
    except Resolver404:
        return None


def _is_record(match: ResolverMatch) -> bool:
    view = getattr(match.func, "view_class", None)
    return view is not None and issubclass(view, RecordPage)


def _record_path(match: ResolverMatch, address: _Address) -> str | None:
    """The address of the published record whose code ``match`` has in any case."""
    code = str(next(iter(match.kwargs.values())))
    if not _CODE.fullmatch(code):
        return None
    entries = Entry.objects.of_kind(match.func.view_class.kind)
    paths = entries.exclude(path="").filter(code__iexact=code).order_by("code")
    path = paths.values_list("path", flat=True).first()
    return f"/{address.language}/{path}" if path else None


def _same_path(path: str, match: ResolverMatch) -> str:
    return escape_uri_path(path)


def _file_path(path: str, match: ResolverMatch) -> str | None:
    is_public = is_public_file(**match.kwargs, at=timezone.now())
    return escape_uri_path(path) if is_public else None


def _moved_path(path: str, match: ResolverMatch) -> str | None:
    moved = Redirect.objects.filter(old_path=path).values_list("new_path", flat=True)
    target = moved.first()
    return iri_to_uri(target) if target else None


# Addresses with a variable part, by the name of the route: what finds them.
_FINDERS = {
    "file": _file_path,
    "old-english-site": _moved_path,
    "old-site": _moved_path,
}
