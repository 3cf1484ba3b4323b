"""The 503 response while the database is unavailable; it works without the database."""

import logging
import re

from django.db.utils import Error
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.accounts.choices import InterfaceLanguage
from portal.core.accounts.one_time_links import hide_secret
from portal.core.accounts.staff_language import get_browser_language
from portal.core.api.errors import problem_response
from portal.core.database import describe
from portal.core.http.middleware import is_staff_path
from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE, Language

RETRY_SECONDS = 30
# URLs that programs fetch: feeds, calendars, sitemaps, images. They get plain text.
_READ_BY_PROGRAMS = re.compile(r"\.(?:atom|csv|ics|json|png|txt|xml)\Z")
logger = logging.getLogger(__name__)


def service_unavailable(request: HttpRequest, error: Error) -> HttpResponse:
    """Return a 503 response in the visitor's language; log ``error`` once per request.

    It is JSON in the API, plain text for files such as feeds, else an HTML page.
    """
    _log_once(request, error)
    language = _language(request)
    with translation.override(language.code):
        response = _response(request, language)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def _log_once(request: HttpRequest, error: Error) -> None:
    # A middleware that uses the database may fail after the view has.
    if getattr(request, "is_unavailability_logged", False):
        return
    request.is_unavailability_logged = True
    logger.error(
        "503 for %s %r, the database is unavailable: %s",
        request.method,
        hide_secret(request.path),
        describe(error),
    )


def _language(request: HttpRequest) -> Language:
    """Return the language of the 503 response."""
    language = getattr(request, "language", DEFAULT_LANGUAGE)
    if is_staff_path(request) and language.code not in InterfaceLanguage.values:
        # The language of a staff user is stored in the database; use the browser's.
        return LANGUAGES_BY_CODE[get_browser_language(request)]
    return language


def _response(request: HttpRequest, language: Language) -> HttpResponse:
    path = request.path_info
    if path.startswith("/api/"):
        detail = _("The service is unavailable. Try again in a few minutes.")
        return problem_response(503, "unavailable", detail)
    if not is_staff_path(request) and _READ_BY_PROGRAMS.search(path):
        text = _("The service is unavailable. Try again in a few minutes.")
        plain = "text/plain; charset=utf-8"
        return HttpResponse(f"{text}\n", status=503, content_type=plain)
    # Rendered without the request: context processors would query the database.
    page = render_to_string("503.html", {"page_language": language})
    return HttpResponse(page, status=503)
