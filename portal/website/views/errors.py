"""Error handlers: pages in the visitor's language, problem documents in the API."""

import sys
from collections.abc import Mapping

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import BadRequest, DisallowedHost, TooManyFieldsSent
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import server_error as plain_server_error

from portal.content.catalogue.filters import FilterError
from portal.core.api.errors import problem_response
from portal.core.database import find_unavailability
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import LocalizedText
from portal.website.canonical_paths import canonical_location
from portal.website.lists import PageLimitExceeded
from portal.website.views.unavailable import service_unavailable


def bad_request(request, exception):
    """Answer 400 with an error page, or with a problem document in the API.

    503 if the cause is an unavailable database. Requests with an unknown host get plain
    text: pages need a host for absolute URLs.
    """
    # Django raises SessionInterrupted for a session that was deleted, but also when
    # saving the session fails because the database is unavailable.
    if isinstance(exception, SessionInterrupted):
        unavailability = find_unavailability(exception)
        if unavailability:
            return service_unavailable(request, unavailability)
    if isinstance(exception, DisallowedHost):
        # Pages contain absolute URLs, which need a valid host.
        if request.path_info.startswith("/api/"):
            return problem_response(400, "bad-request", "Unknown host.")
        return HttpResponse("Unknown host.\n", status=400, content_type="text/plain")
    detail = _detail(exception) if isinstance(exception, BadRequest) else ""
    if isinstance(exception, TooManyFieldsSent):
        detail = _(
            "The form has more fields than can be sent at once. Nothing was saved. Go "
            "back, remove rows and save again."
        )
    return _error_response(
        request, 400, "bad-request", detail, _("There is a problem with the request.")
    )


def permission_denied(request, exception):
    """Answer 403 with an error page, or with a problem document in the API."""
    return _error_response(
        request, 403, "permission-denied", "", _("You do not have access to this.")
    )


def csrf_failure(request, reason=""):
    """Answer 403 to a form whose CSRF token is missing or of an earlier sign-in.

    This also happens to honest users: a session expires, they sign in again in another
    window, and the form that is still open has the old token.
    """
    message = _("The form was not accepted. Load its page again.")
    return _error_response(
        request, 403, "permission-denied", "", message, template="403_csrf.html"
    )


def page_not_found(request, exception):
    """Redirect to the canonical URL if there is one, else answer 404."""
    location = canonical_location(request)
    if location:
        return HttpResponsePermanentRedirect(location)
    detail = exception.args[0] if isinstance(exception, PageLimitExceeded) else ""
    message = _("Page not found.")
    return _error_response(request, 404, "not-found", detail, message)


def _detail(exception: BadRequest) -> LocalizedText | str:
    """Return the message of a BadRequest exception for the error page.

    For an invalid filter it is a LocalizedText.
    """
    detail = exception.args[0]
    return detail.args[0] if isinstance(detail, FilterError) else str(detail)


def server_error(request):
    """Answer 500 with an error page, or with a problem document in the API.

    503 if the cause is an unavailable database.
    """
    # Django calls this handler while the exception is active, but does not pass it.
    unavailability = find_unavailability(sys.exception())
    if unavailability:
        return service_unavailable(request, unavailability)
    if request.path_info.startswith("/api/"):
        return problem_response(
            500, "server-error", "Something went wrong on our side."
        )
    return plain_server_error(request)


def invalid_filters_response(errors: Mapping[str, FilterError]) -> HttpResponse:
    """Answer 400 in plain text for an invalid filter of a feed, calendar or CSV file.

    One line per invalid value. Content-Language lists the languages of the messages,
    since some may be missing in the requested language.
    """
    lines, tags = [], set()
    for error in errors.values():
        message = error.message
        text = (
            message if isinstance(message, LocalizedText) else interface_text(message)
        )
        lines.append(f"{error.parameter}={error.value}: {text}\n")
        tags.add(text.tag)
    return HttpResponse(
        "".join(lines),
        status=400,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Language": ", ".join(sorted(tags))},
    )


def _error_response(request, status, code, detail, fallback, *, template=""):
    """Render an error page in the visitor's language; a problem document in the API.

    The default ``template`` is that of the status.
    """
    if request.path_info.startswith("/api/"):
        return problem_response(status, code, str(detail or fallback))
    if not hasattr(request, "language"):
        # Rejected by a middleware before the language was set, e.g. for an unknown
        # host.
        return HttpResponse(fallback, status=status, content_type="text/plain")
    template = template or f"{status}.html"
    return render(request, template, {"detail": detail}, status=status)
