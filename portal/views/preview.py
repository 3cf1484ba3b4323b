"""A record as its page would show it, for staff: /admin/preview/<token>/<language>/.

Its files are handed out beside it, at /admin/preview/<token>/files/…, public or not.
"""

import datetime as dt
from copy import copy

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import resolve, reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from portal.languages import BY_CODE
from portal.publishing.files import send_file
from portal.publishing.models import Publishable
from portal.publishing.review.preview import has_page, previewed, show_as_public
from portal.publishing.review.putting import undone
from portal.publishing.review.reading import may


@require_safe
def preview(request, token: str, code: str):
    """The page of one record as it would be if everything that waits were public."""
    at = timezone.now()
    record = _record(request, token, at)
    if code not in BY_CODE or not has_page(record):
        raise Http404
    language = BY_CODE[code]
    with translation.override(language.code), undone():
        show_as_public(record, at=at)
        record = type(record).objects.get(pk=record.pk)
        response = _page(request, record.get_absolute_url(), language)
    beside = reverse("preview-file", args=[token, "sha256", "name"])
    response.content = response.content.replace(
        b'="/files/', f'="{beside.removesuffix("sha256/name")}'.encode()
    )
    return _for_nobody_else(response)


@require_safe
def preview_file(request, token: str, sha256: str, name: str):
    """A file as it would be handed out if everything that waits were public."""
    at = timezone.now()
    record = _record(request, token, at)
    with undone():
        show_as_public(record, at=at)
        response = send_file(sha256, name, at=at)
    return _for_nobody_else(response)


def _record(request, token: str, at: dt.datetime) -> Publishable:
    """What a link shows; 404 for a link that shows nothing, 403 for whom it may not."""
    try:
        label, pk = previewed(token, at=at)
    except BadSignature:
        raise Http404 from None
    model = apps.get_model(label)
    if not any(may(request.user, one, model) for one in ("view", "change", "review")):
        raise PermissionDenied
    return get_object_or_404(model, pk=pk)


def _for_nobody_else(response):
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _page(request, address: str, language):
    """What the public view of ``address`` answers, rendered while it is public."""
    asked = copy(request)
    asked.method, asked.GET, asked.user = "GET", QueryDict(), AnonymousUser()
    asked.META = {**request.META, "PATH_INFO": address, "QUERY_STRING": ""}
    asked.path = asked.path_info = address
    asked.language, asked.language_is_in_address = language, True
    found = resolve(address)
    response = found.func(asked, *found.args, **found.kwargs)
    if hasattr(response, "render"):
        response.render()
    return response
