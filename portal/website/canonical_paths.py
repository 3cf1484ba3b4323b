"""Find the canonical URL for a request whose path has a small mistake.

Shared links often contain the punctuation that followed them in a sentence, another
letter case, no trailing slash, or another code for the language. This module is used
only after a path was not found, so ordinary requests cost nothing more.
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

from portal.content.catalogue.models import Entry, EntryTag
from portal.content.publishing.models import Redirect
from portal.content.publishing.public_files import is_public_file
from portal.core.languages import language_for
from portal.website.base_views import RecordDetailView

# Maximum length of a path to correct; only URLs of files with long names are longer.
_MAX_PATH_LENGTH = 1000
_NON_PUBLIC_PREFIXES = ("/admin/", "/accounts/", "/api/v1/")
# Suffixes of a record's other URLs: its PDF and its share image.
_RECORD_SUFFIXES = ("print/", "card.png")
# Unicode categories removed at the end of a path: closing and final punctuation,
# quotation marks (some languages close with the marks that others open with), other
# punctuation, white space and invisible characters.
_TRAILING_CATEGORIES = {"Pe", "Pf", "Pi", "Po", "Zs", "Zl", "Zp", "Cf"}
# Other characters removed at the end: Thai and Lao abbreviation marks, which Unicode
# classifies as letters, ">", which closes a URL in e-mail, and line ends, which are
# control characters.
_TRAILING_CHARACTERS = "ฯຯ>`|\t\n\r"
# ASCII only: case-insensitive comparison in PostgreSQL matches "ſ" with "s", in SQLite
# it does not.
_CODE_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class _Candidate:
    """A candidate path, with the language in which to resolve it.

    ``language`` is "" for a path without a language prefix.
    """

    path: str
    language: str


def canonical_path(path: str) -> str | None:
    """Return the canonical URL path for ``path``, None if there is no other.

    One result corrects everything: trailing punctuation and white space, the trailing
    slash, letter case and the language code. The result is an existing URL: a static
    page, a published record (also its PDF and share image), a public file, or the
    target of a redirect from a former website. An unpublished record is treated like
    one that does not exist. The result is escaped for a Location header and has no
    host. Database errors are raised to the caller.
    """
    decoded = _decode_path(path)
    if len(path) > _MAX_PATH_LENGTH or "\0" in decoded:
        return None
    existing_paths = (
        _find_existing_path(candidate) for candidate in _build_candidates(decoded)
    )
    canonical = next(
        (existing_path for existing_path in existing_paths if existing_path), None
    )
    return canonical if canonical != escape_uri_path(path) else None


def canonical_location(request) -> str | None:
    """Return the canonical URL for a request, with its query string, or None.

    None for methods other than GET and HEAD.
    """
    if request.method not in ("GET", "HEAD"):
        return None
    path = canonical_path(request.path_info)
    return with_query(path, request) if path else None


def with_query(path: str, request) -> str:
    """Return the escaped ``path`` with the query string of ``request`` unchanged."""
    query = request.META.get("QUERY_STRING", "")
    if not query or not {"?", "#"}.isdisjoint(path):
        return path
    try:
        # WSGI decodes the bytes of the query string as latin-1.
        raw = query.encode("latin-1")
    except UnicodeEncodeError:
        raw = query.encode()
    return f"{path}?{iri_to_uri(raw)}"


def _decode_path(path: str) -> str:
    """Return ``path`` decoded as UTF-8.

    Some clients percent-encode a path twice or send its UTF-8 bytes as latin-1. Django
    leaves bytes that are not valid UTF-8 as percent escapes.
    """
    for encoded in (unquote_to_bytes, lambda text: text.encode("latin-1")):
        try:
            # An incomplete character at the end is dropped.
            path = getincrementaldecoder("utf-8")().decode(encoded(path))
        except UnicodeError:
            continue
    return path


def _build_candidates(path: str) -> list[_Candidate]:
    """Return the corrected paths to look up for ``path``, most likely first."""
    trimmed_path = _strip_trailing_marks(path)
    candidates = [
        _normalize_language_prefix(trimmed_path + suffix) for suffix in ("/", "")
    ]
    # Only paths with a language prefix: names of files are case-sensitive.
    lowercase_candidates = [
        _Candidate(address.path.lower(), address.language)
        for address in candidates
        if address.language
    ]
    return [
        candidate
        for candidate in dict.fromkeys(candidates + lowercase_candidates)
        if _is_public_path(candidate.path)
    ]


def _is_public_path(path: str) -> bool:
    """Return True if ``path`` is a public URL of this site.

    Browsers read "//host" and "/\\host" as URLs of another site.
    """
    return path.startswith("/") and not path.startswith(
        ("//", "/\\", *_NON_PUBLIC_PREFIXES)
    )


def _strip_trailing_marks(path: str) -> str:
    """Return ``path`` without trailing slashes, punctuation and white space."""
    length = len(path)
    while length and (path[length - 1] == "/" or _is_trailing_mark(path[length - 1])):
        length -= 1
    return path[:length]


def _is_trailing_mark(character: str) -> bool:
    """Return True for a character that does not belong to a URL if it is at the end."""
    has_category = unicodedata.category(character) in _TRAILING_CATEGORIES
    return has_category or character in _TRAILING_CHARACTERS


def _normalize_language_prefix(path: str) -> _Candidate:
    """Replace the language prefix of ``path`` by the portal's code for the language.

    ``language`` of the result is "" if the path has no such prefix.
    """
    code, slash, rest = path.removeprefix("/").partition("/")
    language = language_for(code) if slash else None
    if language is None:
        return _Candidate(path, "")
    return _Candidate(f"/{language.code}/{rest}", language.code)


def _find_existing_path(candidate: _Candidate) -> str | None:
    """Return the escaped canonical URL that exists for ``address``, or None."""
    for suffix in _RECORD_SUFFIXES:
        page = candidate.path.removesuffix(f"/{suffix}")
        match = _resolve(f"{page}/", candidate) if page != candidate.path else None
        if match and _is_record_page(match):
            record_path = _find_record_path(match, candidate)
            return record_path and record_path + suffix
    match = _resolve(candidate.path, candidate)
    if match is None:
        return None
    if _is_record_page(match):
        return _find_record_path(match, candidate)
    find_path = _FINDERS.get(match.url_name) if match.kwargs else _find_static_path
    return find_path(candidate.path, match) if find_path else None


def _resolve(path: str, candidate: _Candidate) -> ResolverMatch | None:
    try:
        # Routes with a language prefix resolve only while their language is active.
        with override(candidate.language or None):
            return resolve(path)
    except Resolver404:
        return None


def _is_record_page(match: ResolverMatch) -> bool:
    view = getattr(match.func, "view_class", None)
    return view is not None and issubclass(view, RecordDetailView)


def _find_record_path(match: ResolverMatch, candidate: _Candidate) -> str | None:
    """Return the URL of the published record with the matched code.

    Letter case is ignored. None if there is no such record.
    """
    code = str(next(iter(match.kwargs.values())))
    if not _CODE_PATTERN.fullmatch(code):
        return None
    entries = Entry.objects.of_kind(match.func.view_class.kind)
    paths = entries.exclude(path="").filter(code__iexact=code).order_by("code")
    path = paths.values_list("path", flat=True).first()
    return f"/{candidate.language}/{path}" if path else None


def _find_static_path(path: str, match: ResolverMatch) -> str:
    """Return the path of a static page, escaped: it always exists."""
    return escape_uri_path(path)


def _find_file_path(path: str, match: ResolverMatch) -> str | None:
    """Return the escaped path of a file if the file is public, else None."""
    is_public = is_public_file(**match.kwargs, at=timezone.now())
    return escape_uri_path(path) if is_public else None


def _find_topic_path(path: str, match: ResolverMatch) -> str | None:
    """Return the path of a topic's page if a published record has the topic."""
    tags = EntryTag.objects.filter(axis="topic", value=match.kwargs["key"])
    return path if tags.exists() else None


def _find_redirect_target(path: str, match: ResolverMatch) -> str | None:
    """Return the target of a redirect from a former website, or None."""
    target_paths = Redirect.objects.filter(old_path=path).values_list(
        "new_path", flat=True
    )
    target = target_paths.first()
    return iri_to_uri(target) if target else None


# Lookup functions for routes with arguments, by URL name.
_FINDERS = {
    "file": _find_file_path,
    "legacy-english-site": _find_redirect_target,
    "legacy-site": _find_redirect_target,
    "topic": _find_topic_path,
}
