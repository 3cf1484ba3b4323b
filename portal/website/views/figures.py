"""The figures page and its CSV: counted figures and figures reported by others."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.content.catalogue.filters import FilterQuery
from portal.content.catalogue.models import Entry
from portal.content.figures.counting import count_figures
from portal.content.figures.csv_export import render_figures_csv
from portal.content.figures.models import ReportedFigure
from portal.content.figures.query import FigureQuery, encode_figure_query, read_figures
from portal.content.figures.tables import (
    table_by_country,
    table_by_kind,
    table_by_year,
    year_in_words,
)
from portal.content.publishing.sources_and_files import load_sources_and_files
from portal.reference.directory.localized_names import DisplayNames, load_display_names
from portal.website.base_views import Breadcrumb, PublicView
from portal.website.lists import FilterField, FilterOption, parameters, unknown_value
from portal.website.views.errors import invalid_filters_response

# Maximum number of reported figures on the page; the API returns all.
_MAX_REPORTED = 20


class FiguresView(PublicView):
    """Page of the figures counted up to a date, and of figures reported by others."""

    template_name = "portal/figures.html"

    def get_context_data(self, **kwargs):
        names = load_display_names(self.language)
        query, submitted = read_figures(
            parameters(self.request), today=timezone.localdate()
        )
        is_known_country = not query.country or query.country in names.countries
        figures = count_figures(query, countries=names.countries)
        heading = _("Statistics")
        query_string = encode_figure_query(query)
        return super().get_context_data(
            page_title=heading,
            breadcrumbs=[Breadcrumb(heading)],
            query=query,
            year_label=year_in_words(query.year, self.language) if query.year else "",
            country_name=names.countries.get(query.country),
            is_future=query.as_of > timezone.localdate(),
            countries=_country_options(names, submitted),
            totals=[figure.total for figure in figures],
            by_year=table_by_year(figures, self.language),
            by_country=table_by_country(figures, names.countries),
            by_kind=[
                table_by_kind(figure) for figure in figures if figure.groups["kind"]
            ],
            query_string=query_string,
            # The API answers 400 for an unknown country.
            counted_api_url=f"{reverse('api-figures-counted')}?{query_string}"
            if is_known_country
            else "",
            reported_api_url=f"{reverse('api-figure-list')}?{query_string}",
            **self._reported_context(query if is_known_country else None, names),
            **_form_context(query, submitted),
            unknown_values=[]
            if is_known_country
            else [unknown_value("country", submitted.values["country"])],
            **kwargs,
        )

    def _reported_context(self, query: FigureQuery | None, names: DisplayNames) -> dict:
        """Return the context of the reported figures; empty if ``query`` is None."""
        if query is None:
            return {"reported": [], "has_more_reported": False}
        published = ReportedFigure.objects.published(timezone.now())
        matching = published.for_query(query).only_language(self.language, "country")
        reported_figures = list(matching[: _MAX_REPORTED + 1])
        sources_and_files = load_sources_and_files(reported_figures, self.language)
        return {
            "reported": [
                {
                    "figure": figure,
                    "country": names.countries.get(figure.country.iso2)
                    if figure.country
                    else None,
                    "sources": sources_and_files[figure.pk].sources,
                }
                for figure in reported_figures[:_MAX_REPORTED]
            ],
            "has_more_reported": len(reported_figures) > _MAX_REPORTED,
        }


def _form_context(query: FigureQuery, submitted: FilterQuery) -> dict:
    """Return the context of the date and year fields, with their values and errors."""
    day = submitted.values.get("as_of", query.as_of.isoformat())
    fields = [
        FilterField(
            "as_of",
            _("As of date"),
            "date",
            day,
            [],
            submitted.error_message("as_of"),
        ),
        FilterField(
            "year",
            _("Year"),
            "number",
            submitted.values.get("year", ""),
            [],
            submitted.error_message("year"),
        ),
    ]
    return {
        "day_field": fields[0],
        "year_field": fields[1],
        "filter_errors": [field for field in fields if field.error],
    }


def _country_options(names: DisplayNames, submitted: FilterQuery) -> list[FilterOption]:
    """Return the options of the country field; an unknown submitted code is one too."""
    selected = submitted.values.get("country", "").upper()
    options = [FilterOption("", _("All countries"), not selected)] + [
        FilterOption(code, name, code == selected)
        for code, name in names.countries_to_choose(selected).items()
    ]
    if not any(option.is_selected for option in options):
        options.append(FilterOption(selected, selected, is_selected=True))
    return options


@login_not_required
@require_safe
def figures_csv(request):
    """Serve the counted figures as CSV, with the filters of the figures page."""
    query, submitted = read_figures(parameters(request), today=timezone.localdate())
    if submitted.errors:
        return invalid_filters_response(submitted.errors)
    figures = count_figures(query, countries=Entry.objects.country_codes())
    response = HttpResponse(
        render_figures_csv(figures, request.build_absolute_uri),
        content_type="text/csv; charset=utf-8",
    )
    name = f"figures-{query.as_of.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
