"""sitemap.xml and its parts, as the protocol of sitemaps.org has them."""

from collections.abc import Iterable
from io import StringIO

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from portal import sitemaps
from portal.sitemaps import Address

_PROTOCOL = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


@login_not_required
@require_safe
def sitemap(request):
    """Every address in one file, or the index of the files where they are many."""
    parts = sitemaps.parts()
    if sum(part.count for part in parts) <= sitemaps.SPAN:
        return _addresses(request, [*sitemaps.standing_pages(), *sitemaps.records()])
    out, xml = _document("sitemapindex")
    _row(xml, "sitemap", request.build_absolute_uri(reverse("sitemap-pages")))
    for part in parts:
        path = reverse("sitemap-records", kwargs={"number": part.number})
        _row(xml, "sitemap", request.build_absolute_uri(path), part.changed_on)
    return _answer(out, xml, "sitemapindex")


@login_not_required
@require_safe
def pages(request):
    """The standing pages."""
    return _addresses(request, sitemaps.standing_pages())


@login_not_required
@require_safe
def records(request, number):
    """The records of one part."""
    found = sitemaps.records(number)
    if not found:
        raise Http404
    return _addresses(request, found)


def _addresses(request, addresses: Iterable[Address]) -> HttpResponse:
    # Put before each path by hand: build_absolute_uri takes thousandths of a second,
    # and of these there are up to eighty thousand.
    host = request.build_absolute_uri("/").removesuffix("/")
    out, xml = _document("urlset", {"xmlns:xhtml": _XHTML})
    for address in addresses:
        xml.startElement("url", {})
        xml.addQuickElement("loc", host + address.path)
        if address.changed_on:
            xml.addQuickElement("lastmod", address.changed_on.isoformat())
        for way in address.alternates:
            link = {"rel": "alternate", "hreflang": way.hreflang}
            xml.addQuickElement("xhtml:link", "", {**link, "href": host + way.path})
        xml.endElement("url")
    return _answer(out, xml, "urlset")


def _document(root: str, namespaces: dict[str, str] | None = None):
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement(root, {"xmlns": _PROTOCOL, **(namespaces or {})})
    return out, xml


def _row(xml, name: str, address: str, changed_on=None) -> None:
    xml.startElement(name, {})
    xml.addQuickElement("loc", address)
    if changed_on:
        xml.addQuickElement("lastmod", changed_on.isoformat())
    xml.endElement(name)


def _answer(out: StringIO, xml, root: str) -> HttpResponse:
    xml.endElement(root)
    xml.endDocument()
    response = HttpResponse(out.getvalue(), content_type="application/xml")
    # It is in no language of the reader's.
    response["Content-Language"] = ""
    return response
