"""Views of sitemap.xml and its parts (sitemaps.org protocol)."""

from collections.abc import Iterable
from io import StringIO

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from portal.website import sitemap_urls
from portal.website.sitemap_urls import SitemapUrl

_PROTOCOL = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


@login_not_required
@require_safe
def sitemap(request):
    """Serve all URLs as one sitemap, or an index of parts if there are many records."""
    parts = sitemap_urls.sitemap_parts()
    if sum(part.count for part in parts) <= sitemap_urls.ENTRIES_PER_PART:
        return _render_url_set(request, [*_page_urls(), *sitemap_urls.record_urls()])
    stream, xml = _start_document("sitemapindex")
    _add_element(xml, "sitemap", request.build_absolute_uri(reverse("sitemap-pages")))
    for part in parts:
        path = reverse("sitemap-records", kwargs={"number": part.number})
        _add_element(xml, "sitemap", request.build_absolute_uri(path), part.changed_on)
    return _finish_response(stream, xml, "sitemapindex")


@login_not_required
@require_safe
def pages(request):
    """Serve the sitemap of the static pages and of the topics."""
    return _render_url_set(request, _page_urls())


@login_not_required
@require_safe
def records(request, number):
    """Serve the sitemap of one part of the records."""
    urls = sitemap_urls.record_urls(number)
    if not urls:
        raise Http404
    return _render_url_set(request, urls)


def _page_urls() -> list[SitemapUrl]:
    """Return the URLs of the pages that are not pages of records."""
    return [*sitemap_urls.static_page_urls(), *sitemap_urls.topic_urls()]


def _render_url_set(request, urls: Iterable[SitemapUrl]) -> HttpResponse:
    """Return the response with a sitemap (``urlset``) of ``urls``."""
    # Host and path are concatenated because build_absolute_uri takes milliseconds, and
    # there may be 80,000 URLs.
    host = request.build_absolute_uri("/").removesuffix("/")
    stream, xml = _start_document("urlset", {"xmlns:xhtml": _XHTML})
    for url in urls:
        xml.startElement("url", {})
        xml.addQuickElement("loc", host + url.path)
        if url.changed_on:
            xml.addQuickElement("lastmod", url.changed_on.isoformat())
        for alternate in url.alternates:
            link = {"rel": "alternate", "hreflang": alternate.hreflang}
            xml.addQuickElement(
                "xhtml:link", "", {**link, "href": host + alternate.path}
            )
        xml.endElement("url")
    return _finish_response(stream, xml, "urlset")


def _start_document(root: str, namespaces: dict[str, str] | None = None):
    """Start the XML document of a sitemap; return its buffer and its generator."""
    stream = StringIO()
    xml = SimplerXMLGenerator(stream, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement(root, {"xmlns": _PROTOCOL, **(namespaces or {})})
    return stream, xml


def _add_element(xml, name: str, url: str, changed_on=None) -> None:
    """Write an element of a sitemap index: ``loc`` and ``lastmod``."""
    xml.startElement(name, {})
    xml.addQuickElement("loc", url)
    if changed_on:
        xml.addQuickElement("lastmod", changed_on.isoformat())
    xml.endElement(name)


def _finish_response(stream: StringIO, xml, root: str) -> HttpResponse:
    """Finish the XML document of a sitemap and return the response."""
    xml.endElement(root)
    xml.endDocument()
    response = HttpResponse(stream.getvalue(), content_type="application/xml")
    # A sitemap has no language.
    response["Content-Language"] = ""
    return response
