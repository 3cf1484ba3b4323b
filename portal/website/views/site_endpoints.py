"""Endpoints that are not pages: icons, redirects, files, robots.txt, security.txt."""

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

from portal.content.publishing.models import Redirect
from portal.content.publishing.public_files import serve_public_file

_ICONS = settings.BASE_DIR / "portal" / "static" / "portal" / "img"
_ICON_TYPES = {".ico": "image/x-icon", ".png": "image/png"}


@login_not_required
@require_safe
def icon(request, name):
    """Serve an icon that browsers and devices request at a fixed URL.

    Cached for one week: the URL (e.g. ``/favicon.ico``) contains no hash of the
    content.
    """
    response = HttpResponse(
        _icon_bytes(name), content_type=_ICON_TYPES[name[name.rindex(".") :]]
    )
    response["Cache-Control"] = "public, max-age=604800"
    # An image has no language.
    response["Content-Language"] = ""
    return response


@cache
def _icon_bytes(name: str) -> bytes:
    return (_ICONS / name).read_bytes()


@login_not_required
@require_safe
def root_redirect(request):
    """Redirect ``/`` to the home page in the visitor's language."""
    return HttpResponseRedirect(f"/{request.language.code}/")


@login_not_required
@require_safe
def legacy_redirect(request, path):
    """Redirect permanently from a URL of the former websites to the new page.

    Raise Http404 if no Redirect row exists for the path.
    """
    redirects = Redirect.objects.filter(old_path=request.path_info)
    target = redirects.values_list("new_path", flat=True).first()
    if target is None:
        raise Http404
    return HttpResponsePermanentRedirect(target)


@login_not_required
@require_safe
def stored_file(request, sha256, name):
    """Serve a file by its SHA-256 hash and name.

    Not found unless a published record has the file as a public attachment.
    """
    return serve_public_file(sha256, name, at=timezone.now())


@login_not_required
@require_safe
def robots_txt(request):
    """Serve robots.txt (RFC 9309).

    Pages with a query string are disallowed where their number is unlimited: search,
    calendar and report form.
    """
    disallowed_paths = (
        "/admin/",
        "/accounts/",
        "/*/search/?",
        "/*/search/suggest/",
        "/*/calendar/?",
        "/*/report/?",
    )
    lines = [f"Disallow: {path}" for path in disallowed_paths]
    sitemap = request.build_absolute_uri("/sitemap.xml")
    text = "\n".join(["User-agent: *", "Allow: /", *lines, f"Sitemap: {sitemap}", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def security_txt(request):
    """Serve security.txt (RFC 9116).

    The contacts are the office's e-mail address, if configured, and the contact page.
    """
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
