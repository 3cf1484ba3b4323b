"""The language of public pages, from the address or the browser."""

import re

from django.core.exceptions import BadRequest
from django.core.handlers.exception import response_for_exception
from django.db import Error
from django.http import HttpResponsePermanentRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

from portal.core.languages import (
    DEFAULT_LANGUAGE,
    LANGUAGES_BY_CODE,
    language_for,
    preferred_language,
)
from portal.website.canonical_paths import canonical_path, with_query

_LANGUAGE_PREFIX = re.compile(
    r"^/([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*)(/.*)?\Z", re.DOTALL
)


class LanguageMiddleware(MiddlewareMixin):
    """Activate the language of the URL prefix, otherwise that of ``Accept-Language``.

    Cookies are not used. A prefix that is an alias (``/zh-CN/``, ``/EN/``, ``/tl/``) is
    redirected to the portal's code; the same redirect corrects the rest of the URL if a
    page is found at the corrected URL.
    """

    def process_request(self, request):
        prefix = _LANGUAGE_PREFIX.match(request.path_info)
        url_language = language_for(prefix[1]) if prefix else None
        if (
            url_language
            and prefix[1] != url_language.code
            and request.method in ("GET", "HEAD")
        ):
            return self._redirect_to_code(request, url_language, prefix[2] or "/")
        accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        request.has_language_prefix = bool(url_language)
        request.language = (
            url_language or preferred_language(accepted) or DEFAULT_LANGUAGE
        )
        translation.activate(request.language.code)
        if "\0" in request.path_info:
            # PostgreSQL rejects query parameters that contain NUL.
            message = _("The web address contains a character that is not allowed.")
            # Returned, not raised, so that process_response handles the response.
            return response_for_exception(request, BadRequest(message))
        return None

    def process_response(self, request, response):
        language = getattr(request, "language", None)
        if language is None:
            return response
        if response.streaming or response.get("Content-Language") == "":
            # Files have their own language. Views set "" for content without a
            # language.
            del response["Content-Language"]
            return response
        response.setdefault("Content-Language", LANGUAGES_BY_CODE[language.code].tag)
        is_language_in_url = request.has_language_prefix or (
            request.path_info.startswith("/api/") and "lang" in request.GET
        )
        if not is_language_in_url:
            patch_vary_headers(response, ["Accept-Language"])
        return response

    def _redirect_to_code(self, request, language, path_after_prefix):
        """Redirect to the corrected URL, or to the same path with the right prefix."""
        try:
            path = canonical_path(request.path_info)
        except Error:
            # Without the database only the language prefix is corrected.
            path = None
        if path is None:
            path = escape_uri_path(f"/{language.code}{path_after_prefix}")
        return HttpResponsePermanentRedirect(with_query(path, request))
