"""Views of a record's PDF and share image.

Both call the view of the record's page and use its context, so that redirects and
errors are the same as for the page.
"""

import copy
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpResponse,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.urls import resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.translations.localized_text import get_active_language
from portal.website.base_views import RecordDetailView
from portal.website.printing.pdf_compiler import CompilerBusyError
from portal.website.printing.record_pdf import PrintableRecord, render_record_pdf
from portal.website.printing.share_image import (
    render_share_image,
    render_site_share_image,
)


@login_not_required
@require_safe
def record_pdf(request, page):
    """Serve ``<record>/print/``: the content of the record's page as an A4 PDF."""
    page_response = _get_detail_response(request, "print/")
    if page_response.status_code != 200:
        return page_response
    printable = _build_printable_record(request, page_response, "print/")
    html = page_response.render().content.decode()
    pdf_response = _build_compiled_response(
        "application/pdf", lambda: render_record_pdf(printable, html)
    )
    if pdf_response.status_code == 200:
        pdf_response["Content-Disposition"] = (
            f'inline; filename="{printable.file_name}"'
        )
        # Search engines should index the page itself: same text, smaller file.
        pdf_response["X-Robots-Tag"] = "noindex"
    return pdf_response


@login_not_required
@require_safe
def record_share_image(request, page):
    """Serve ``<record>/card.png``: the image shown when the record's URL is shared."""
    page_response = _get_detail_response(request, "card.png")
    if page_response.status_code != 200:
        return page_response
    printable, context = (
        _build_printable_record(request, page_response, "card.png"),
        page_response.context_data,
    )
    period = (
        getattr(printable.record, "period", None) if printable.kind.is_dated else None
    )
    places = [*context["links"].get("places", []), context.get("place")]
    return _build_compiled_response(
        "image/png", lambda: render_share_image(printable, period, places)
    )


@login_not_required
@require_safe
def site_share_image(request):
    """Serve the site's share image, used by all pages that are not records."""
    return _build_compiled_response(
        "image/png", lambda: render_site_share_image(get_active_language())
    )


def _get_detail_response(request, suffix: str):
    """Return the unrendered response of the record's page.

    If the page redirects permanently, redirect to the same ``suffix`` at the new URL.
    Raise Http404 if the URL is not that of a record's page.
    """
    page_request = copy.copy(request)
    page_request.path = request.path.removesuffix(suffix)
    page_request.path_info = request.path_info.removesuffix(suffix)
    page_request.META = {
        **request.META,
        "PATH_INFO": page_request.path_info,
        "QUERY_STRING": "",
    }
    page_request.GET = QueryDict()
    page_request.resolver_match = match = resolve(page_request.path_info)
    view = getattr(match.func, "view_class", None)
    if view is None or not issubclass(view, RecordDetailView):
        raise Http404
    response = match.func(page_request, *match.args, **match.kwargs)
    if response.status_code == 301:
        parts = urlsplit(response["Location"])
        new_url = parts._replace(
            path=parts.path + suffix, query=request.META.get("QUERY_STRING", "")
        )
        return HttpResponsePermanentRedirect(urlunsplit(new_url))
    return response


def _build_printable_record(request, response, suffix: str) -> PrintableRecord:
    """Return the record and its title from the response of its page, for the PDF."""
    context = response.context_data
    return PrintableRecord(
        record=context["record"],
        kind=context["kind"],
        title=context["page_title"],
        language=get_active_language(),
        url=request.build_absolute_uri(request.path.removesuffix(suffix)),
    )


def _build_compiled_response(content_type: str, compile_output) -> HttpResponse:
    """Return a response with the compiled output; 503 if the compiler is busy."""
    try:
        return HttpResponse(compile_output(), content_type=content_type)
    except CompilerBusyError:
        message = _("The print service is busy. Try again in a few seconds.")
        response = HttpResponse(message, content_type="text/plain; charset=utf-8")
        response.status_code = 503
        response["Retry-After"] = "5"
        return response
