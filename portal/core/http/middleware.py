"""Middleware for language, HTTP caching and access.

Sessions, messages and sign-in run for staff paths only, so that public responses are
the same for everybody and can be cached.
"""

import hashlib
import re

from allauth.account.middleware import AccountMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotModified
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import parse_etags

from portal.core.accounts.second_factors import has_second_factor
from portal.core.accounts.staff_language import get_staff_language
from portal.core.http.compression import compress_body
from portal.core.languages import LANGUAGES_BY_CODE

STAFF_PATH_PREFIXES = ("/admin/", "/accounts/")
# Shared caches may store responses for seconds only, so that published and withdrawn
# records appear or disappear immediately.
PUBLIC_CACHE_CONTROL = (
    "public, max-age=0, s-maxage=10, stale-while-revalidate=60, stale-if-error=600"
)
SHORT_CACHE_CONTROL = "public, max-age=0, s-maxage=10"
# The change feed and the records in it must agree: caches must revalidate each response
# (304) and must not use it while the portal is unreachable.
REVALIDATED_CACHE_CONTROL = "public, max-age=0, s-maxage=0, must-revalidate"
PRIVATE_CACHE_CONTROL = "private, no-store"
API_PREFIX = "/api/v1/"
# Path of a file that changes only with a release.
OPENAPI_PATH = "/api/v1/openapi.json"
# Statuses other than 200 whose responses are the same for all clients; 429 and 5xx are
# not.
BRIEFLY_CACHEABLE_STATUSES = (301, 302, 304, 404, 410)

# Media types that are already compressed: compressing again saves nothing.
ALREADY_COMPRESSED_TYPES = ("application/pdf", "image/png", "image/x-icon")


def is_staff_path(request) -> bool:
    """Return whether the request is for the admin site or the account pages."""
    return request.path_info.startswith(STAFF_PATH_PREFIXES)


def must_be_revalidated(request) -> bool:
    """Return whether caches must revalidate the response before each use."""
    path = request.path_info
    return path.startswith(API_PREFIX) and path != OPENAPI_PATH


def has_api_credentials(request) -> bool:
    """Return whether an API request has an API key or other ``Authorization``."""
    has_authorization = "HTTP_AUTHORIZATION" in request.META
    return has_authorization and request.path_info.startswith(API_PREFIX)


class StaffPathsOnlyMixin(MiddlewareMixin):
    """Mixin that runs the middleware class it is combined with on staff paths only.

    Sessions, messages and CSRF tokens make a response personal. On public paths they
    are not accessed at all, so that the responses can be cached.
    """

    def __call__(self, request):
        if is_staff_path(request):
            return super().__call__(request)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        inherited = getattr(super(), "process_view", None)
        if inherited and is_staff_path(request):
            return inherited(request, view, args, kwargs)
        return None


class StaffSessionMiddleware(StaffPathsOnlyMixin, SessionMiddleware):
    """Django's session middleware, on staff paths only."""


class StaffAuthenticationMiddleware(StaffPathsOnlyMixin, AuthenticationMiddleware):
    """Django's authentication middleware (``request.user``), on staff paths only."""


class StaffMessageMiddleware(StaffPathsOnlyMixin, MessageMiddleware):
    """Django's messages middleware, on staff paths only."""


class StaffCsrfMiddleware(StaffPathsOnlyMixin, CsrfViewMiddleware):
    """Django's CSRF middleware, on staff paths only.

    Public forms have their own checks.
    """


class StaffLoginRequiredMiddleware(MiddlewareMixin):
    """Require an active staff user for views not marked ``login_not_required``.

    Unlike Django's LoginRequiredMiddleware it does not access the session on public
    paths: there, views without the mark are answered with 403.
    """

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True):
            return None
        if not is_staff_path(request):
            raise PermissionDenied
        if not request.user.is_authenticated:
            return redirect_to_login(
                request.get_full_path(), resolve_url(settings.LOGIN_URL)
            )
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied
        return None


class StaffAllauthMiddleware:
    """allauth's AccountMiddleware, on staff paths only."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.account_middleware = AccountMiddleware(get_response)
        self.process_exception = self.account_middleware.process_exception

    def __call__(self, request):
        if is_staff_path(request):
            return self.account_middleware(request)
        return self.get_response(request)


class SecondFactorRequiredMiddleware(StaffPathsOnlyMixin, MiddlewareMixin):
    """Redirect staff without a second factor to its set-up page, if one is required.

    Only the pages for setting up a factor, reauthentication and logout are exempt. The
    setting SECOND_FACTOR_REQUIRED switches the requirement on.
    """

    _EXEMPT_PATHS = ("/accounts/2fa/", "/accounts/reauthenticate/", "/admin/jsi18n/")
    _SESSION_KEY = "second_factor_seen"

    def process_view(self, request, view, args, kwargs):
        if not (settings.SECOND_FACTOR_REQUIRED and is_staff_path(request)):
            return None
        if not getattr(view, "login_required", True) or not request.user.is_active:
            return None
        if request.path_info.startswith((*self._EXEMPT_PATHS, "/admin/logout/")):
            return None
        # Cached in the session, which is ended when the factor is removed.
        if not request.session.get(self._SESSION_KEY):
            if not has_second_factor(request.user):
                return redirect("mfa_index")
            request.session[self._SESSION_KEY] = True
        return None


class StaffLanguageMiddleware(StaffPathsOnlyMixin):
    """Activate the user's own language on staff paths, instead of the browser's."""

    def process_request(self, request):
        request.language = LANGUAGES_BY_CODE[get_staff_language(request)]
        translation.activate(request.language.code)


class CrossOriginMiddleware(MiddlewareMixin):
    """Allow scripts of any website to read the public API, feeds and calendars (CORS).

    The header is the same for every origin, so caches need no ``Vary: Origin``. Errors
    and redirects have it too; otherwise scripts could not read them.
    """

    _PATHS = re.compile(
        r"^(?:/api/v1/.*|/[A-Za-z0-9_-]+/(?:calendar\.ics|feed\.atom|feed\.json))\Z",
        re.DOTALL,
    )
    _EXPOSED = "Content-Language, ETag, Retry-After, WWW-Authenticate"

    def process_response(self, request, response):
        is_read = request.method in ("GET", "HEAD") and not is_staff_path(request)
        if is_read and self._PATHS.match(request.path_info):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = self._EXPOSED
        return response


class PublicCacheMiddleware(MiddlewareMixin):
    """Make public responses cacheable: strong ETags, compression and no cookies.

    Compression is deterministic, so the same page has the same bytes and the same ETag
    on every server. Responses on staff paths and to requests with an API key are not
    cacheable.
    """

    def process_response(self, request, response):
        if is_staff_path(request):
            response.setdefault("Cache-Control", PRIVATE_CACHE_CONTROL)
            return response
        if response.cookies:
            # A cookie in a public response is a programming error; caches would share
            # it.
            response.cookies.clear()
        if has_api_credentials(request):
            response["Cache-Control"] = PRIVATE_CACHE_CONTROL
        if request.method not in ("GET", "HEAD") or response.streaming:
            return response
        if response.status_code != 200:
            is_cacheable = response.status_code in BRIEFLY_CACHEABLE_STATUSES
            cache_control = (
                REVALIDATED_CACHE_CONTROL
                if must_be_revalidated(request)
                else SHORT_CACHE_CONTROL
            )
            response.setdefault(
                "Cache-Control", cache_control if is_cacheable else "no-store"
            )
            return self._compress_error(request, response)
        public_cache_control = (
            REVALIDATED_CACHE_CONTROL
            if must_be_revalidated(request)
            else PUBLIC_CACHE_CONTROL
        )
        response.setdefault("Cache-Control", public_cache_control)
        return self._compress(request, response)

    def _compress_error(self, request, response):
        """Compress the response if it is an error; return others unchanged.

        Errors get no ETag: If-None-Match applies to successful responses only (RFC 9110
        section 13.2.1).
        """
        if response.status_code < 400:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        # Not cached: wrong URLs are unlimited in number, and each error page contains
        # its URL.
        _digest, encoding, body = self._encode_body(request, response, is_cached=False)
        self._put_body(response, encoding, body)
        return response

    def _encode_body(self, request, response, *, is_cached):
        """Return the digest of the body, the chosen encoding and the bytes to send."""
        accept_encoding = request.META.get("HTTP_ACCEPT_ENCODING", "")
        if response["Content-Type"] in ALREADY_COMPRESSED_TYPES:
            accept_encoding = ""
        digest = hashlib.sha256(response.content).hexdigest()[:32]
        return digest, *compress_body(
            response.content, digest, accept_encoding, is_cached=is_cached
        )

    def _put_body(self, response, encoding, body):
        if encoding:
            response["Content-Encoding"] = encoding
            response.content = body
        response["Content-Length"] = str(len(response.content))

    def _compress(self, request, response):
        """Set ETag and compressed body, or return 304 if the client has the body."""
        patch_vary_headers(response, ["Accept-Encoding"])
        # URLs with a query are unlimited in number, so their bodies are not cached.
        is_cached = not request.META.get("QUERY_STRING")
        digest, encoding, body = self._encode_body(
            request, response, is_cached=is_cached
        )
        etag = f'"{digest}-{encoding}"' if encoding else f'"{digest}"'
        # Weak comparison (RFC 9110 section 13.1.2), because proxies may weaken the
        # ETag.
        header_values = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
        client_etags = [value.removeprefix("W/") for value in header_values]
        if etag in client_etags or "*" in client_etags:
            return self._not_modified(response, etag)
        response["ETag"] = etag
        self._put_body(response, encoding, body)
        return response

    def _not_modified(self, response, etag):
        not_modified = HttpResponseNotModified()
        not_modified["ETag"] = etag
        for name in ("Cache-Control", "Content-Language", "Vary", "Date"):
            if name in response:
                not_modified[name] = response[name]
        return not_modified
