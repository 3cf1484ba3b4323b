"""Error responses of the API, in the problem details format (RFC 9457)."""

from collections.abc import Iterable
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"


class RecordWithdrawnError(exceptions.APIException):
    """The record was public and has been withdrawn (status 410).

    The ``extra`` values, such as type and date, become members of the problem.
    """

    status_code = HTTPStatus.GONE
    default_code = "withdrawn"

    def __init__(self, detail: str, **extra):
        super().__init__(detail)
        self.extra = extra


class InvalidParameterError(exceptions.APIException):
    """A query parameter is not valid (status 400).

    The problem contains the parameter's name and value, and ``remedy``: what to send
    instead, for people. ``allowed`` lists the accepted values of a closed list, for
    programs; None for other parameters.
    """

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "bad-parameter"

    def __init__(
        self,
        parameter: str,
        value: str,
        remedy: str,
        allowed: Iterable[str] | None = None,
    ):
        super().__init__(remedy)
        self.extra = {"parameter": parameter, "value": value}
        if allowed is not None:
            self.extra["allowed"] = list(allowed)


def build_problem(status: int, code: str, detail: str, **extra) -> dict:
    """Return the members of a problem details object.

    ``code`` is stable and meant for programs, ``detail`` is a message for people. The
    ``extra`` values become further members.
    """
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        **extra,
    }


def problem_exception_handler(error: Exception, context: dict) -> Response | None:
    """Convert API errors, Http404 and PermissionDenied to problem responses.

    This is DRF's EXCEPTION_HANDLER. Returns None for other exceptions, which Django
    then handles.
    """
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("Page not found."))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    # DRF sets it for 401, from the authentication class.
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    set_rollback()
    code = error.default_code.replace("_", "-")
    body = build_problem(
        error.status_code, code, _get_detail(error), **getattr(error, "extra", {})
    )
    return Response(
        body, status=error.status_code, headers=headers, content_type=MEDIA_TYPE
    )


def problem_response(status: int, code: str, detail: str) -> JsonResponse:
    """Return a problem response for requests that are not handled by DRF."""
    return JsonResponse(
        build_problem(status, code, detail), status=status, content_type=MEDIA_TYPE
    )


def _get_detail(error: exceptions.APIException) -> str:
    detail = error.detail
    return str(detail) if not isinstance(detail, (list, dict)) else str(error)
