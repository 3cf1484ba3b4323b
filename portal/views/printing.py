"""Any record's page as PDF and as a picture, answered as the page itself answers."""

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

from portal.directory.pages import RecordPage
from portal.printing.card import card_of, card_of_site
from portal.printing.paper import RecordOnPage, pdf_of
from portal.printing.press import PressBusy
from portal.translations.shown import reader_language


@login_not_required
@require_safe
def record_pdf(request, page):
    """``<record>/print/``: what the page says, on A4."""
    answer = _page(request, "print/")
    if answer.status_code != 200:
        return answer
    shown = _shown(request, answer, "print/")
    html = answer.render().content.decode()
    response = _printed("application/pdf", lambda: pdf_of(shown, html))
    if response.status_code == 200:
        response["Content-Disposition"] = f'inline; filename="{shown.file_name}"'
        # Search engines are to find the page, which has the same words and is lighter.
        response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def record_card(request, page):
    """``<record>/card.png``: for those who share the record's address."""
    answer = _page(request, "card.png")
    if answer.status_code != 200:
        return answer
    shown, context = _shown(request, answer, "card.png"), answer.context_data
    period = getattr(shown.record, "period", None) if shown.kind.is_dated else None
    places = [*context["links"].get("places", []), context.get("place")]
    return _printed("image/png", lambda: card_of(shown, period, places))


@login_not_required
@require_safe
def site_card(request):
    """``card.png`` of every page that is no record's."""
    return _printed("image/png", lambda: card_of_site(reader_language()))


def _page(request, ending: str):
    """The answer of the record's own page, not rendered yet.

    Where the page moves the reader on, so does ``ending``; what is no record's page is
    not found.
    """
    asked = copy.copy(request)
    asked.path = request.path.removesuffix(ending)
    asked.path_info = request.path_info.removesuffix(ending)
    asked.META = {**request.META, "PATH_INFO": asked.path_info, "QUERY_STRING": ""}
    asked.GET = QueryDict()
    asked.resolver_match = match = resolve(asked.path_info)
    view = getattr(match.func, "view_class", None)
    if view is None or not issubclass(view, RecordPage):
        raise Http404
    answer = match.func(asked, *match.args, **match.kwargs)
    if answer.status_code == 301:
        parts = urlsplit(answer["Location"])
        moved = parts._replace(
            path=parts.path + ending, query=request.META.get("QUERY_STRING", "")
        )
        return HttpResponsePermanentRedirect(urlunsplit(moved))
    return answer


def _shown(request, answer, ending: str) -> RecordOnPage:
    context = answer.context_data
    return RecordOnPage(
        record=context["record"],
        kind=context["kind"],
        title=context["page_title"],
        language=reader_language(),
        address=request.build_absolute_uri(request.path.removesuffix(ending)),
    )


def _printed(content_type: str, make) -> HttpResponse:
    try:
        return HttpResponse(make(), content_type=content_type)
    except PressBusy:
        words = _("Too many pages are being printed. Try again in a few seconds.")
        response = HttpResponse(words, content_type="text/plain; charset=utf-8")
        response.status_code = 503
        response["Retry-After"] = "5"
        return response
