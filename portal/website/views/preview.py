"""Previews for staff: a record's public page before it is published.

URLs are ``/admin/preview/<token>/<language>/``. The files of the page are served from
``/admin/preview/<token>/files/…``, public or not. If the open proposal of the record
violates a constraint by now, both answer 409 and say why.
"""

import datetime as dt
from copy import copy
from http import HTTPStatus

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.content.publishing.models import Publishable
from portal.content.publishing.public_files import serve_public_file
from portal.content.review.preview import (
    has_public_page,
    load_preview_token,
    publish_for_preview,
)
from portal.content.review.proposal_differences import has_model_permission
from portal.content.review.snapshot_apply import (
    ConstraintViolationError,
    describe_violation,
    rolled_back_transaction,
)
from portal.core.languages import LANGUAGES_BY_CODE


@require_safe
def preview(request, token: str, code: str):
    """Render a record's page as if all unpublished changes were public.

    The record is published in a transaction that is rolled back.
    """
    at = timezone.now()
    record = _get_previewed_record(request, token, at)
    if code not in LANGUAGES_BY_CODE or not has_public_page(record):
        raise Http404
    language = LANGUAGES_BY_CODE[code]
    try:
        with translation.override(language.code), rolled_back_transaction():
            publish_for_preview(record, at=at)
            record = type(record).objects.get(pk=record.pk)
            response = _render_public_page(request, record.get_absolute_url(), language)
    except ConstraintViolationError as error:
        return _explain_violation(request, record, error)
    preview_file_url = reverse("preview-file", args=[token, "sha256", "name"])
    response.content = response.content.replace(
        b'="/files/', f'="{preview_file_url.removesuffix("sha256/name")}'.encode()
    )
    return _make_private(response)


@require_safe
def preview_file(request, token: str, sha256: str, name: str):
    """Serve a file as if all unpublished changes of the record were public."""
    at = timezone.now()
    record = _get_previewed_record(request, token, at)
    try:
        with rolled_back_transaction():
            publish_for_preview(record, at=at)
            response = serve_public_file(sha256, name, at=at)
    except ConstraintViolationError as error:
        return _explain_violation(request, record, error)
    return _make_private(response)


def _get_previewed_record(request, token: str, at: dt.datetime) -> Publishable:
    """Return the record of a preview token.

    Raise Http404 for an invalid or expired token, and PermissionDenied if the user may
    not view, change or review records of this model.
    """
    try:
        label, pk = load_preview_token(token, at=at)
    except BadSignature:
        raise Http404 from None
    model = apps.get_model(label)
    if not any(
        has_model_permission(request.user, action, model)
        for action in ("view", "change", "review")
    ):
        raise PermissionDenied
    return get_object_or_404(model, pk=pk)


def _explain_violation(request, record: Publishable, error: ConstraintViolationError):
    """Return the page that says why the open proposal cannot be previewed."""
    context = {
        **admin.site.each_context(request),
        "title": _("There is no preview of “%(record)s”")
        % {"record": record.public_code},
        "explanation": describe_violation(record, error),
    }
    template = "admin/publishing/no_preview.html"
    response = TemplateResponse(request, template, context, status=HTTPStatus.CONFLICT)
    return _make_private(response)


def _make_private(response):
    """Disable caching and indexing of a preview response."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _render_public_page(request, url: str, language):
    """Return the rendered response of the public view of ``url``.

    The view is called as for an anonymous visitor.
    """
    public_request = copy(request)
    public_request.method, public_request.GET, public_request.user = (
        "GET",
        QueryDict(),
        AnonymousUser(),
    )
    public_request.META = {**request.META, "PATH_INFO": url, "QUERY_STRING": ""}
    public_request.path = public_request.path_info = url
    public_request.language, public_request.has_language_prefix = language, True
    match = resolve(url)
    response = match.func(public_request, *match.args, **match.kwargs)
    if hasattr(response, "render"):
        response.render()
    return response
