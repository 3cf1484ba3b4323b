"""The search page over all public records."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import Http404, QueryDict
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.catalogue.filters import FilterQuery
from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import all_kinds
from portal.content.catalogue.search.engine import (
    SearchResult,
    correct_query,
    search_entries,
    terms_with_matches,
)
from portal.content.catalogue.search.highlighting import find_matches, highlight_html
from portal.content.catalogue.search.index import MAX_RESULTS
from portal.content.catalogue.search.match_reasons import (
    MatchReasons,
    build_match_reasons,
)
from portal.content.catalogue.search.query import (
    MAX_QUERY_LENGTH,
    PAGE_SIZE,
    SearchQuery,
    read_search,
)
from portal.content.catalogue.search.query_terms import QueryTerm, parse_query
from portal.core.languages import Language
from portal.core.translations.dates import format_period
from portal.core.translations.localized_text import LocalizedText, get_active_language
from portal.core.translations.single_line import on_single_line
from portal.core.translations.zawgyi import detect_zawgyi, from_zawgyi
from portal.reference.directory.localized_names import DisplayNames
from portal.website.base_views import Breadcrumb, PublicView
from portal.website.cards import Card, build_cards, load_card_names
from portal.website.lists import (
    ActiveFilter,
    FilterField,
    Pager,
    change_query,
    link_parameters,
    parameters,
    parse_page_number,
    unknown_value,
)
from portal.website.site_pages import SitePage, find_site_pages


@dataclass(frozen=True)
class SearchResultCard:
    """One search result: a card whose title and summary have the search terms marked.

    ``reasons`` are names and a passage of the record that contain the terms which the
    card itself does not show.
    """

    card: Card
    title: SafeString
    summary: SafeString
    reasons: MatchReasons


@dataclass(frozen=True)
class Facet:
    """One filter to narrow the results.

    ``options`` are tuples of value label, number of results and URL.
    """

    label: str
    options: list[tuple[LocalizedText | str, int, str]]


class SearchView(PublicView):
    """Search page: form, results, facets and filters."""

    template_name = "portal/search.html"

    def get_context_data(self, **kwargs):
        search_query, filter_query = self._read_query()
        unknown = [
            parameter
            for parameter in search_query.filters
            if not _is_known_value(parameter, search_query)
        ]
        result = (
            _build_empty_result(search_query) if unknown else _run_search(search_query)
        )
        matched_terms, corrected_text = [], ""
        if not result.total and not unknown:
            matched_terms = _find_single_terms(result, search_query)
            corrected_text, result = _correct(result, search_query, matched_terms)
        if search_query.page > 1 and not result.row_ids:
            raise Http404
        values = {"q": search_query.q, **filter_query.used}
        if search_query.order != "best":
            values["order"] = search_query.order
        link_query = link_parameters(self.request, values)
        fields = _build_filter_fields(
            {**filter_query.values, **search_query.filters}, filter_query
        )
        names = load_card_names(result.entries, self.language)
        return super().get_context_data(
            breadcrumbs=[Breadcrumb(_("Search"))],
            query=search_query,
            result=result,
            cards=_build_cards(result, names, self.language),
            facets=_build_facets(result, search_query, link_query, names),
            active_filters=_build_active_filters(search_query, link_query, names),
            clear_url=change_query(
                link_query, dict.fromkeys((*search_query.filters, "page"))
            ),
            order_links=_build_order_links(search_query, link_query),
            pager=Pager(link_query, search_query.page, result.total, PAGE_SIZE),
            single_term_links=_build_single_term_links(matched_terms, link_query),
            correction=corrected_text,
            correction_url=change_query(
                link_query, {"q": corrected_text, "page": None}
            ),
            site_pages=self._find_site_pages(search_query),
            result_limit=MAX_RESULTS,
            max_query_length=MAX_QUERY_LENGTH,
            filter_fields=fields,
            filter_errors=[field for field in fields if field.error],
            unknown_values=[
                unknown_value(parameter, filter_query.values[parameter])
                for parameter in unknown
            ],
            **kwargs,
        )

    def _find_site_pages(self, search_query: SearchQuery) -> list[SitePage]:
        """Return the pages of the site for the first page of unfiltered results."""
        if search_query.filters or search_query.page > 1:
            return []
        return find_site_pages(parse_query(search_query.q), self.language)

    def _read_query(self) -> tuple[SearchQuery, FilterQuery]:
        """Return the search query and the filters as given.

        If a filter has an error, the search query has no filters.
        """
        query = parameters(self.request)
        search_query, filter_query = read_search(query)
        # With an error the results are unfiltered, and the requested page number
        # belongs to the filtered ones.
        return replace(
            search_query, page=1 if filter_query.errors else parse_page_number(query)
        ), filter_query


def _is_known_value(parameter: str, search_query: SearchQuery) -> bool:
    """Return True if the value of a filter is a public country or an existing kind.

    Always True for other filters. Countries that are not public count as unknown.
    """
    value = search_query.filters[parameter]
    if parameter == "country":
        return Entry.objects.of_kind("country").filter(code=value).exists()
    return parameter != "kind" or value in {kind.code for kind in all_kinds()}


def _run_search(search_query: SearchQuery) -> SearchResult:
    """Run the search for one page of results."""
    start = (search_query.page - 1) * PAGE_SIZE
    return search_entries(
        search_query.q,
        filters=search_query.filters,
        order=search_query.order,
        limit=PAGE_SIZE,
        offset=start,
    )


def _find_single_terms(
    result: SearchResult, search_query: SearchQuery
) -> list[QueryTerm]:
    """Return the terms of a query without results that have results on their own.

    A single term without filters has none.
    """
    can_match = len(result.terms) > 1 or (result.terms and search_query.filters)
    return terms_with_matches(result.terms) if can_match else []


def _correct(
    result: SearchResult, search_query: SearchQuery, matched_terms: Sequence[QueryTerm]
) -> tuple[str, SearchResult]:
    """Return the corrected text of a query without results, and its results.

    Burmese text in Zawgyi is converted to Unicode. The text is "" and the results are
    those of the query if there is no correction, or if it is longer than a query may be
    or has no results either.
    """
    if detect_zawgyi(search_query.q):
        text = from_zawgyi(search_query.q)
    else:
        text = correct_query(result.query, matched_terms)
    if len(text) > MAX_QUERY_LENGTH:
        text = ""
    corrected = _run_search(replace(search_query, q=text)) if text else result
    return (text, corrected) if corrected.total else ("", result)


def _build_empty_result(search_query: SearchQuery) -> SearchResult:
    """Return an empty search result with the terms of the query."""
    return SearchResult(query=parse_query(search_query.q))


def _build_filter_fields(
    values: Mapping[str, str], filter_query: FilterQuery
) -> list[FilterField]:
    """Return form fields for the filters in the URL, with their values and errors."""
    return [
        FilterField(
            name=parameter,
            label=_get_facet_labels()[parameter],
            type="number" if parameter == "year" else "text",
            value=value,
            options=[],
            error=filter_query.error_message(parameter),
        )
        for parameter, value in values.items()
    ]


def _build_cards(
    result: SearchResult, names: DisplayNames, language: Language
) -> list[SearchResultCard]:
    cards = build_cards(result.entries, names, language)
    visible_texts = {
        entry.pk: _visible_texts(card)
        for entry, card in zip(result.entries, cards, strict=True)
    }
    reasons = build_match_reasons(result.entries, result.terms, language, visible_texts)
    return [
        SearchResultCard(
            card=card,
            title=highlight_html(find_matches(card.title.text, result.terms)),
            summary=highlight_html(find_matches(_summary_text(card), result.terms)),
            reasons=reasons[entry.pk],
        )
        for entry, card in zip(result.entries, cards, strict=True)
    ]


def _visible_texts(card: Card) -> list[str]:
    names = [name.text for name in (*card.places, *card.countries)]
    return [card.title.text, _summary_text(card), card.code, card.kind_label, *names]


def _summary_text(card: Card) -> str:
    return on_single_line(card.summary).text if card.summary else ""


def _build_facets(
    result: SearchResult,
    search_query: SearchQuery,
    link_query: QueryDict,
    names: DisplayNames,
) -> list[Facet]:
    """Build the facets of filters that are not set, each with two or more values."""
    facets = []
    for parameter, label in _get_facet_labels().items():
        if parameter in search_query.filters:
            continue
        options = [
            (
                name,
                count,
                change_query(link_query, {parameter: str(value), "page": None}),
            )
            for value, name in _get_facet_values(parameter, names).items()
            if (count := result.facets.get(parameter, {}).get(value, 0))
        ]
        if parameter == "year":
            years = sorted(result.facets.get(parameter, {}).items(), reverse=True)
            options = [
                (
                    _format_year(year),
                    count,
                    change_query(link_query, {parameter: year, "page": None}),
                )
                for year, count in years
            ]
        if len(options) > 1:
            facets.append(Facet(label, options))
    return facets


def _get_facet_labels() -> dict[str, str]:
    """Return the label of each facet, by filter parameter."""
    return {"kind": _("Type"), "country": _("Country"), "year": _("Year")}


def _get_facet_values(
    parameter: str, names: DisplayNames
) -> Mapping[str, LocalizedText | str]:
    """Return the labels of the possible values of a facet, by value."""
    if parameter == "kind":
        return {kind.code: capfirst(str(kind.label_plural)) for kind in all_kinds()}
    return names.countries if parameter == "country" else {}


def _build_active_filters(
    search_query: SearchQuery, link_query: QueryDict, names: DisplayNames
) -> list[ActiveFilter]:
    """Return the active filters, each with the URL of the search without the filter."""
    return [
        ActiveFilter(
            _get_filter_label(parameter, value, names),
            change_query(link_query, {parameter: None, "page": None}),
        )
        for parameter, value in search_query.filters.items()
    ]


def _get_filter_label(
    parameter: str, value: str, names: DisplayNames
) -> LocalizedText | str:
    if parameter == "year":
        return _format_year(int(value))
    return _get_facet_values(parameter, names).get(value, value)


def _format_year(year: int) -> str:
    return format_period(dt.date(year, 1, 1), None, "year", get_active_language())


def _build_order_links(search_query: SearchQuery, link_query: QueryDict) -> list[dict]:
    """Return the links that change the order of the results."""
    labels = {"best": _("Most relevant first"), "newest": _("Newest first")}
    return [
        {
            "label": label,
            "is_current": order == search_query.order,
            "url": change_query(
                link_query, {"order": None if order == "best" else order, "page": None}
            ),
        }
        for order, label in labels.items()
    ]


def _build_single_term_links(
    terms: Sequence[QueryTerm], link_query: QueryDict
) -> list[dict]:
    """Return links to search for single terms of the query."""
    return [
        {
            "text": term.text,
            "url": change_query(link_query, {"q": term.text, "page": None}),
        }
        for term in terms
    ]
