"""Addresses that are no pages of their own: moved ones, files, what robots read."""

import datetime as dt
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.publishing.files import send_file
from portal.publishing.models import Redirect

_ICONS = settings.BASE_DIR / "portal" / "static" / "portal" / "img"
_ICON_TYPES = {".ico": "image/x-icon", ".png": "image/png"}


@login_not_required
@require_safe
def icon(request, name):
    """Answer browsers and devices that look for an icon without reading a page.

    Kept for a week: the address has no digest of the content.
    """
    response = HttpResponse(
        _icon_bytes(name), content_type=_ICON_TYPES[name[name.rindex(".") :]]
    )
    response["Cache-Control"] = "public, max-age=604800"
    # A picture without words.
    response["Content-Language"] = ""
    return response


@cache
def _icon_bytes(name: str) -> bytes:
    return (_ICONS / name).read_bytes()


@login_not_required
@require_safe
def front_door(request):
    """To the home page in the reader's language."""
    return HttpResponseRedirect(f"/{request.language.code}/")


@login_not_required
@require_safe
def old_address(request, path):
    """An address of the old sites: moved for good where we know it, else not found."""
    new = Redirect.objects.filter(old_path=request.path_info)
    target = new.values_list("new_path", flat=True).first()
    if target is None:
        raise Http404
    return HttpResponsePermanentRedirect(target)


@login_not_required
@require_safe
def stored_file(request, sha256, name):
    """A file, only while it is attached in public to something published."""
    return send_file(sha256, name, at=timezone.now())


@login_not_required
@require_safe
def robots(request):
    """RFC 9309. What answers to a query is one of endlessly many addresses."""
    refused = ("/admin/", "/accounts/", "/*/search/?", "/*/calendar/?", "/*/report/?")
    lines = [f"Disallow: {path}" for path in refused]
    sitemap = request.build_absolute_uri("/sitemap.xml")
    text = "\n".join(["User-agent: *", "Allow: /", *lines, f"Sitemap: {sitemap}", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def security_txt(request):
    """RFC 9116. The office's e-mail address first, where there is one; its page."""
    expires = (timezone.now() + dt.timedelta(days=180)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    contacts = [request.build_absolute_uri("/en/contact/")]
    if settings.CONTACT_EMAIL:
        contacts.insert(0, f"mailto:{settings.CONTACT_EMAIL}")
    lines = [
        *[f"Contact: {contact}" for contact in contacts],
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: zh, en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
        "",
    ]
    text = "\n".join(lines)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
