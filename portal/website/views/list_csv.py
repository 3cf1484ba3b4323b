"""Views of the lists as CSV, with the filters of the list."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.generic import View

from portal.content.catalogue.querysets import COUNT_LIMIT
from portal.core.translations.localized_text import get_active_language
from portal.website.base_views import RecordListView
from portal.website.cards import load_card_names
from portal.website.list_csv import render_list_csv
from portal.website.views.errors import invalid_filters_response


@method_decorator(login_not_required, name="dispatch")
class ListCsvView(View):
    """Serve ``<list>.csv``: the records of ``list_view`` in its order, at most 1,000.

    The limit is that of the list itself.
    """

    http_method_names = ("get", "head", "options")
    list_view: type[RecordListView] = RecordListView

    def get(self, request):
        list_page = self.list_view()
        list_page.setup(request)
        query, language = list_page.filter_query, get_active_language()
        if query.errors:
            return invalid_filters_response(query.errors)
        matching = list_page.get_entries().matching(
            query.filters, kind=list_page.kind, first_rows_only=True
        )
        entries = list(matching.with_texts_for(language)[:COUNT_LIMIT])
        names = load_card_names(entries, language)
        body = render_list_csv(entries, names, language, request.build_absolute_uri)
        response = HttpResponse(body, content_type="text/csv; charset=utf-8")
        name = request.path.rpartition("/")[2].removesuffix(".csv")
        file_name = f"{name}-{language.code}.csv"
        response["Content-Disposition"] = f'attachment; filename="{file_name}"'
        return response
