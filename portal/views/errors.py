"""What is answered when something is wrong, in the reader's language."""

import sys
from collections.abc import Mapping

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import BadRequest, DisallowedHost
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import server_error as plain_server_error

from portal.api.errors import problem_response
from portal.catalogue.filters import BadFilter
from portal.database import find_unavailability
from portal.directory.listing import TooDeep
from portal.translations.interface import interface_text
from portal.translations.shown import Shown
from portal.views.canonical import canonical_location
from portal.views.unavailable import service_unavailable


def bad_request(request, exception):
    # Django takes a session that could not be saved for one that was deleted.
    if isinstance(exception, SessionInterrupted):
        unavailability = find_unavailability(exception)
        if unavailability:
            return service_unavailable(request, unavailability)
    if isinstance(exception, DisallowedHost):
        # A page has absolute addresses, and there is no host for them.
        if request.path_info.startswith("/api/"):
            return problem_response(400, "bad-request", "Unknown host.")
        return HttpResponse("Unknown host.\n", status=400, content_type="text/plain")
    detail = _detail(exception) if isinstance(exception, BadRequest) else ""
    return _error(request, 400, "bad-request", detail, _("The request is not right."))


def permission_denied(request, exception):
    return _error(request, 403, "permission-denied", "", _("This is not open to you."))


def page_not_found(request, exception):
    """Redirect to the correct address where there is one, else answer 404."""
    location = canonical_location(request)
    if location:
        return HttpResponsePermanentRedirect(location)
    detail = exception.args[0] if isinstance(exception, TooDeep) else ""
    told = _("There is nothing at this address.")
    return _error(request, 404, "not-found", detail, told)


def _detail(exception: BadRequest) -> Shown | str:
    """What is wrong with the request, with its language where values are filled in."""
    detail = exception.args[0]
    return detail.args[0] if isinstance(detail, BadFilter) else str(detail)


def server_error(request):
    # Django calls this while it handles the exception, but does not pass it.
    unavailability = find_unavailability(sys.exception())
    if unavailability:
        return service_unavailable(request, unavailability)
    if request.path_info.startswith("/api/"):
        return problem_response(
            500, "server-error", "Something went wrong on our side."
        )
    return plain_server_error(request)


def refused_filters(errors: Mapping[str, BadFilter]) -> HttpResponse:
    """400 for a program that reads a file: a line for each impossible value.

    Content-Language names the languages of the messages, of which some may be missing
    in the reader's.
    """
    lines, tags = [], set()
    for error in errors.values():
        remedy = error.remedy
        text = remedy if isinstance(remedy, Shown) else interface_text(remedy)
        lines.append(f"{error.word}={error.value}: {text}\n")
        tags.add(text.tag)
    return HttpResponse(
        "".join(lines),
        status=400,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Language": ", ".join(sorted(tags))},
    )


def _error(request, status, code, detail, fallback):
    if request.path_info.startswith("/api/"):
        return problem_response(status, code, str(detail or fallback))
    if not hasattr(request, "language"):
        # Refused before the language was known, e.g. for an unknown host.
        return HttpResponse(fallback, status=status, content_type="text/plain")
    return render(request, f"{status}.html", {"detail": detail}, status=status)
