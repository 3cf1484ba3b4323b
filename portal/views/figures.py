"""What was done, in numbers, as of any day; and beside it what others reported."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.catalogue.filters import FilterQuery
from portal.directory.listing import Field, Option, parameters, unknown_value
from portal.directory.names import Names, names_of
from portal.directory.pages import Crumb, PublicPage
from portal.figures.asking import Asked, query_of, read_figures
from portal.figures.counting import count, countries_on_record
from portal.figures.models import ReportedFigure
from portal.figures.sheet import sheet
from portal.figures.tables import by_country, by_kind, by_year, year_in_words
from portal.publishing.evidence import load_evidence
from portal.views.errors import refused_filters

# How many reported totals the page shows; the API has them all.
_REPORTED = 20


class FiguresPage(PublicPage):
    template_name = "portal/figures.html"

    def get_context_data(self, **kwargs):
        names = names_of(self.language)
        asked, given = read_figures(
            parameters(self.request), today=timezone.localdate()
        )
        is_known = not asked.country or asked.country in names.countries
        figures = count(asked, countries=names.countries)
        heading = _("Figures")
        query = query_of(asked)
        return super().get_context_data(
            page_title=heading,
            crumbs=[Crumb(heading)],
            asked=asked,
            asked_year=year_in_words(asked.year, self.language) if asked.year else "",
            asked_country=names.countries.get(asked.country),
            is_future=asked.as_of > timezone.localdate(),
            countries=_options(names, given),
            totals=[figure.total for figure in figures],
            years=by_year(figures, self.language),
            by_country=by_country(figures, names.countries),
            kinds=[by_kind(figure) for figure in figures if figure.groups["kind"]],
            query=query,
            # The API refuses a country that it does not know.
            counted_api_url=f"{reverse('api-figures-counted')}?{query}"
            if is_known
            else "",
            reported_api_url=f"{reverse('api-figure-list')}?{query}",
            **self._reported(asked if is_known else None, names),
            **_form(asked, given),
            unknown_values=[]
            if is_known
            else [unknown_value("country", given.values["country"])],
            **kwargs,
        )

    def _reported(self, asked: Asked | None, names: Names) -> dict:
        if asked is None:
            return {"reported": [], "has_more_reported": False}
        published = ReportedFigure.objects.published(timezone.now())
        told = published.told_by(asked).in_language(self.language, "country")
        found = list(told[: _REPORTED + 1])
        evidence = load_evidence(found, self.language)
        return {
            "reported": [
                {
                    "figure": figure,
                    "country": names.countries.get(figure.country.iso2)
                    if figure.country
                    else None,
                    "sources": evidence[figure.pk].sources,
                }
                for figure in found[:_REPORTED]
            ],
            "has_more_reported": len(found) > _REPORTED,
        }


def _form(asked: Asked, given: FilterQuery) -> dict:
    """The fields of the day and the year, with what was typed and its errors."""
    day = given.values.get("as_of", asked.as_of.isoformat())
    fields = [
        Field("as_of", _("As of the day"), "date", day, [], given.remedy("as_of")),
        Field(
            "year",
            _("Year"),
            "number",
            given.values.get("year", ""),
            [],
            given.remedy("year"),
        ),
    ]
    return {
        "day_field": fields[0],
        "year_field": fields[1],
        "filter_errors": [field for field in fields if field.error],
    }


def _options(names: Names, given: FilterQuery) -> list[Option]:
    selected = given.values.get("country", "").upper()
    options = [Option("", _("All countries"), not selected)] + [
        Option(code, name, code == selected)
        for code, name in names.countries_to_choose(selected).items()
    ]
    if not any(option.is_selected for option in options):
        options.append(Option(selected, selected, is_selected=True))
    return options


@login_not_required
@require_safe
def figures_sheet(request):
    """The counted numbers of the page as CSV."""
    asked, given = read_figures(parameters(request), today=timezone.localdate())
    if given.errors:
        return refused_filters(given.errors)
    figures = count(asked, countries=countries_on_record())
    response = HttpResponse(
        sheet(figures, request.build_absolute_uri),
        content_type="text/csv; charset=utf-8",
    )
    name = f"figures-{asked.as_of.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
