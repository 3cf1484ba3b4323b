"""Every error of the API as problem details (RFC 9457)."""

from collections.abc import Iterable
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"


class Gone(exceptions.APIException):
    """The record was public and has been withdrawn; ``extra`` tells kind and date."""

    status_code = HTTPStatus.GONE
    default_code = "withdrawn"

    def __init__(self, detail: str, **extra):
        super().__init__(detail)
        self.extra = extra


class BadParameter(exceptions.APIException):
    """A query parameter cannot be used; names it, its value and the remedy.

    ``allowed`` are the values of a closed list, for programs; None for any other
    parameter.
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


def problem(status: int, code: str, detail: str, **extra) -> dict:
    """The members of a problem; ``code`` is stable, ``detail`` is for people."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        **extra,
    }


def problem_handler(error: Exception, context: dict) -> Response | None:
    """DRF's exception handler: answers what it knows, leaves the rest to Django."""
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("There is nothing at this address."))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    # Set by DRF for 401, from the authentication class.
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    set_rollback()
    code = error.default_code.replace("_", "-")
    body = problem(
        error.status_code, code, _detail(error), **getattr(error, "extra", {})
    )
    return Response(
        body, status=error.status_code, headers=headers, content_type=MEDIA_TYPE
    )


def problem_response(status: int, code: str, detail: str) -> JsonResponse:
    """A problem outside of DRF: an address under /api/ that no endpoint has."""
    return JsonResponse(
        problem(status, code, detail), status=status, content_type=MEDIA_TYPE
    )


def _detail(error: exceptions.APIException) -> str:
    detail = error.detail
    return str(detail) if not isinstance(detail, (list, dict)) else str(error)
