"""What stands around every answer: language, caches, and the closed door."""

import hashlib
import re

from allauth.account.middleware import AccountMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.handlers.exception import response_for_exception
from django.db import Error
from django.http import HttpResponseNotModified, HttpResponsePermanentRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.encoding import escape_uri_path
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from portal.accounts.factors import has_second_factor
from portal.accounts.language import desk_language
from portal.compression import compressed
from portal.languages import BY_CODE, DEFAULT, language_for, preferred_language
from portal.views.canonical import canonical_path, with_query

STAFF_ADDRESSES = ("/admin/", "/accounts/")
_LANGUAGE_PREFIX = re.compile(
    r"^/([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*)(/.*)?\Z", re.DOTALL
)
# Kept by any cache for seconds only: what is published or withdrawn shows at once.
PUBLIC_CACHE = (
    "public, max-age=0, s-maxage=10, stale-while-revalidate=60, stale-if-error=600"
)
SHORT_CACHE = "public, max-age=0, s-maxage=10"
# The change feed and the records it names must agree: a copy is only used after the
# portal has confirmed it (304), never while it cannot be reached.
CONFIRMED_CACHE = "public, max-age=0, s-maxage=0, must-revalidate"
NO_CACHE = "private, no-store"
API_PREFIX = "/api/v1/"
# A file of the release, the same until the next one.
CONTRACT_ADDRESS = "/api/v1/openapi.json"
# What is the same for everyone beside 200; a refusal (429) or a failure is not.
KEPT_FOR_SECONDS = (301, 302, 304, 404, 410)

# Compressed within: a second time costs much and saves nothing.
SMALL_AS_THEY_ARE = ("application/pdf", "image/png", "image/x-icon")


def is_staff_address(request) -> bool:
    return request.path_info.startswith(STAFF_ADDRESSES)


def is_confirmed(request) -> bool:
    """Whether a cache must ask the portal before each use of the answer."""
    path = request.path_info
    return path.startswith(API_PREFIX) and path != CONTRACT_ADDRESS


def is_keyed(request) -> bool:
    """Whether a request to the API carries a key, or another ``Authorization``."""
    has_authorization = "HTTP_AUTHORIZATION" in request.META
    return has_authorization and request.path_info.startswith(API_PREFIX)


class StaffAddressesOnly(MiddlewareMixin):
    """Mixin: the middleware it is put before runs for staff addresses only.

    Sessions, messages and CSRF tokens make an answer personal; on public addresses
    they must not even be asked whether there is one.
    """

    def __call__(self, request):
        if is_staff_address(request):
            return super().__call__(request)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        inherited = getattr(super(), "process_view", None)
        if inherited and is_staff_address(request):
            return inherited(request, view, args, kwargs)
        return None


class StaffSessionMiddleware(StaffAddressesOnly, SessionMiddleware):
    """Sessions of staff."""


class StaffAuthenticationMiddleware(StaffAddressesOnly, AuthenticationMiddleware):
    """Who is signed in, on staff addresses."""


class StaffMessageMiddleware(StaffAddressesOnly, MessageMiddleware):
    """Messages to staff."""


class StaffCsrfMiddleware(StaffAddressesOnly, CsrfViewMiddleware):
    """CSRF tokens of staff forms. Public forms have their own checks."""


class ClosedUnlessOpenedMiddleware(MiddlewareMixin):
    """Every view is for active staff, unless ``login_not_required`` opens it.

    Django's own middleware touches the session before it looks at the view.
    """

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True):
            return None
        if not is_staff_address(request):
            raise PermissionDenied
        if not request.user.is_authenticated:
            return redirect_to_login(
                request.get_full_path(), resolve_url(settings.LOGIN_URL)
            )
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied
        return None


class StaffSignInMiddleware:
    """allauth's middleware, on staff addresses only."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.within = AccountMiddleware(get_response)
        self.process_exception = self.within.process_exception

    def __call__(self, request):
        if is_staff_address(request):
            return self.within(request)
        return self.get_response(request)


class SecondFactorMiddleware(StaffAddressesOnly, MiddlewareMixin):
    """While a second factor is required, who has none can do nothing but set one up."""

    _LEFT_OPEN = ("/accounts/2fa/", "/accounts/reauthenticate/", "/admin/jsi18n/")
    _SEEN = "second_factor_seen"

    def process_view(self, request, view, args, kwargs):
        if not (settings.SECOND_FACTOR_REQUIRED and is_staff_address(request)):
            return None
        if not getattr(view, "login_required", True) or not request.user.is_active:
            return None
        if request.path_info.startswith((*self._LEFT_OPEN, "/admin/logout/")):
            return None
        # Kept with the session, which ends when the factor is taken away.
        if not request.session.get(self._SEEN):
            if not has_second_factor(request.user):
                return redirect("mfa_index")
            request.session[self._SEEN] = True
        return None


class LanguageMiddleware(MiddlewareMixin):
    """The language of the address, else of ``Accept-Language``; never of a cookie.

    An alias in the address (``/zh-CN/``, ``/EN/``, ``/tl/``) is redirected to the
    portal's own code. What else is wrong with the address is corrected by the same
    redirect; where nothing is found at it, the rest stays as it was.
    """

    def process_request(self, request):
        prefix = _LANGUAGE_PREFIX.match(request.path_info)
        asked = language_for(prefix[1]) if prefix else None
        if asked and prefix[1] != asked.code and request.method in ("GET", "HEAD"):
            return self._moved(request, asked, prefix[2] or "/")
        accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        request.language_is_in_address = bool(asked)
        request.language = asked or preferred_language(accepted) or DEFAULT
        translation.activate(request.language.code)
        if "\0" in request.path_info:
            # PostgreSQL cannot even be asked for a text with NUL in it.
            problem = _("The address has a character that cannot be used.")
            # Answered here, not raised: the answer is to pass through below.
            return response_for_exception(request, BadRequest(problem))
        return None

    def process_response(self, request, response):
        language = getattr(request, "language", None)
        if language is None:
            return response
        if response.streaming or response.get("Content-Language") == "":
            # A file has a language of its own; what has none says so by "".
            del response["Content-Language"]
            return response
        response.setdefault("Content-Language", BY_CODE[language.code].tag)
        is_asked = request.language_is_in_address or (
            request.path_info.startswith("/api/") and "lang" in request.GET
        )
        if not is_asked:
            patch_vary_headers(response, ["Accept-Language"])
        return response

    def _moved(self, request, language, rest):
        try:
            path = canonical_path(request.path_info)
        except Error:
            # The language can be corrected without the database.
            path = None
        if path is None:
            path = escape_uri_path(f"/{language.code}{rest}")
        return HttpResponsePermanentRedirect(with_query(path, request))


class StaffLanguageMiddleware(StaffAddressesOnly):
    """On staff addresses: the language of the person, not of the browser."""

    def process_request(self, request):
        request.language = BY_CODE[desk_language(request)]
        translation.activate(request.language.code)


class CrossOriginMiddleware(MiddlewareMixin):
    """Lets scripts of any website read the public API, the feeds and the calendars.

    The header is the same for every origin, so caches need no ``Vary: Origin``. It is
    on errors and redirects too; a script could not read them otherwise.
    """

    _PATHS = re.compile(
        r"^(?:/api/v1/.*|/[A-Za-z0-9_-]+/(?:calendar\.ics|feed\.atom|feed\.json))\Z",
        re.DOTALL,
    )
    _EXPOSED = "Content-Language, ETag, Retry-After, WWW-Authenticate"

    def process_response(self, request, response):
        is_read = request.method in ("GET", "HEAD") and not is_staff_address(request)
        if is_read and self._PATHS.match(request.path_info):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = self._EXPOSED
        return response


class PublicCacheMiddleware(MiddlewareMixin):
    """Lets any cache keep public answers: strong ETags, own compression, no cookies.

    Compression is deterministic and made once a body (``portal.compression``), so the
    same page has the same bytes and the same ETag on every node.
    """

    def process_response(self, request, response):
        if is_staff_address(request):
            response.setdefault("Cache-Control", NO_CACHE)
            return response
        if response.cookies:
            # A public answer never sets one; whoever tries is wrong.
            response.cookies.clear()
        if is_keyed(request):
            response["Cache-Control"] = NO_CACHE
        if request.method not in ("GET", "HEAD") or response.streaming:
            return response
        if response.status_code != 200:
            kept = response.status_code in KEPT_FOR_SECONDS
            short = CONFIRMED_CACHE if is_confirmed(request) else SHORT_CACHE
            response.setdefault("Cache-Control", short if kept else "no-store")
            return self._error_compressed(request, response)
        public = CONFIRMED_CACHE if is_confirmed(request) else PUBLIC_CACHE
        response.setdefault("Cache-Control", public)
        return self._compressed(request, response)

    def _error_compressed(self, request, response):
        """``response`` compressed if it is an error; nothing is confirmed by an ETag.

        If-None-Match is for answers of 200 only (RFC 9110 section 13.2.1).
        """
        if response.status_code < 400:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        # Wrong addresses are endlessly many, and each page names its own.
        _digest, encoding, body = self._encoded(request, response, keep=False)
        self._put_body(response, encoding, body)
        return response

    def _encoded(self, request, response, *, keep):
        """The digest of the body, and the encoding and bytes to send."""
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        if response["Content-Type"] in SMALL_AS_THEY_ARE:
            accepted = ""
        digest = hashlib.sha256(response.content).hexdigest()[:32]
        return digest, *compressed(response.content, digest, accepted, keep=keep)

    def _put_body(self, response, encoding, body):
        if encoding:
            response["Content-Encoding"] = encoding
            response.content = body
        response["Content-Length"] = str(len(response.content))

    def _compressed(self, request, response):
        patch_vary_headers(response, ["Accept-Encoding"])
        # An address with a query is one of endlessly many: not worth keeping.
        keep = not request.META.get("QUERY_STRING")
        digest, encoding, body = self._encoded(request, response, keep=keep)
        etag = f'"{digest}-{encoding}"' if encoding else f'"{digest}"'
        # Compared weakly (RFC 9110 section 13.1.2): a cache on the way may weaken ours.
        given = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
        asked = [one.removeprefix("W/") for one in given]
        if etag in asked or "*" in asked:
            return self._not_modified(response, etag)
        response["ETag"] = etag
        self._put_body(response, encoding, body)
        return response

    def _not_modified(self, response, etag):
        answer = HttpResponseNotModified()
        answer["ETag"] = etag
        for name in ("Cache-Control", "Content-Language", "Vary", "Date"):
            if name in response:
                answer[name] = response[name]
        return answer
