"""The 503 response while the database is unavailable; it needs no database."""

import logging
import re

from django.db.utils import Error
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.choices import InterfaceLanguage
from portal.accounts.language import browser_language
from portal.accounts.link_addresses import hide_secret
from portal.api.errors import problem_response
from portal.database import describe
from portal.languages import BY_CODE, DEFAULT, Language
from portal.middleware import is_staff_address

RETRY_SECONDS = 30
# Feeds, calendars, sitemaps and images: no person reads a page there.
_READ_BY_PROGRAMS = re.compile(r"\.(?:atom|csv|ics|json|png|txt|xml)\Z")
logger = logging.getLogger(__name__)


def service_unavailable(request: HttpRequest, error: Error) -> HttpResponse:
    """Return 503 in the reader's language, and log ``error`` once for the request."""
    _log_once(request, error)
    language = _language(request)
    with translation.override(language.code):
        response = _response(request, language)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def _log_once(request: HttpRequest, error: Error) -> None:
    # A middleware that needs the database too may fail after the view.
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
    language = getattr(request, "language", DEFAULT)
    if is_staff_address(request) and language.code not in InterfaceLanguage.values:
        # The person's language is in the database.
        return BY_CODE[browser_language(request)]
    return language


def _response(request: HttpRequest, language: Language) -> HttpResponse:
    path = request.path_info
    if path.startswith("/api/"):
        detail = _("The service is unavailable. Please try again in a few minutes.")
        return problem_response(503, "unavailable", detail)
    if not is_staff_address(request) and _READ_BY_PROGRAMS.search(path):
        text = _("The service is unavailable. Please try again in a few minutes.")
        plain = "text/plain; charset=utf-8"
        return HttpResponse(f"{text}\n", status=503, content_type=plain)
    # Without the request: context processors would query the database.
    page = render_to_string("503.html", {"page_language": language})
    return HttpResponse(page, status=503)
