"""What was done, in numbers, as of any day; and beside it what others reported."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.catalogue.filters import BadFilter
from portal.directory.listing import Option
from portal.directory.names import Names, names_of
from portal.directory.pages import Crumb, PublicPage
from portal.figures.asking import Asked, asked_from, query_of
from portal.figures.counting import count, countries_on_record
from portal.figures.models import ReportedFigure
from portal.figures.sheet import sheet
from portal.figures.tables import by_country, by_kind, by_year, year_in_words
from portal.publishing.evidence import load_evidence

# How many reported totals the page shows; the API has them all.
_REPORTED = 20


def _asked(query, countries) -> Asked:
    try:
        return asked_from(query, countries, today=timezone.localdate())
    except BadFilter as problem:
        raise BadRequest(problem) from problem


class FiguresPage(PublicPage):
    template_name = "portal/figures.html"

    def get_context_data(self, **kwargs):
        names = names_of(self.language)
        asked = _asked(self.request.GET, names.countries)
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
            countries=_options(names, asked),
            totals=[figure.total for figure in figures],
            years=by_year(figures, self.language),
            by_country=by_country(figures, names.countries),
            kinds=[by_kind(figure) for figure in figures if figure.groups["kind"]],
            query=query,
            counted_api_url=f"{reverse('api-figures-counted')}?{query}",
            reported_api_url=f"{reverse('api-figure-list')}?{query}",
            **self._reported(asked, names),
            **kwargs,
        )

    def _reported(self, asked: Asked, names: Names) -> dict:
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


def _options(names: Names, asked: Asked) -> list[Option]:
    every = Option("", _("All countries"), not asked.country)
    return [every] + [
        Option(code, name, code == asked.country)
        for code, name in names.countries_to_choose(asked.country).items()
    ]


@login_not_required
@require_safe
def figures_sheet(request):
    """The counted numbers of the page as CSV."""
    countries = countries_on_record()
    asked = _asked(request.GET, countries)
    figures = count(asked, countries=countries)
    response = HttpResponse(
        sheet(figures, request.build_absolute_uri),
        content_type="text/csv; charset=utf-8",
    )
    name = f"figures-{asked.as_of.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
