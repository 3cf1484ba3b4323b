"""The search page over all public records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import BadRequest
from django.http import Http404, QueryDict
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.catalogue.filters import FilterError, FilterQuery
from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import all_kinds
from portal.content.catalogue.search.engine import (
    SearchResult,
    search_entries,
    terms_with_matches,
)
from portal.content.catalogue.search.highlighting import find_matches, highlight_html
from portal.content.catalogue.search.index import MAX_RESULTS
from portal.content.catalogue.search.query import (
    MAX_QUERY_LENGTH,
    PAGE_SIZE,
    SearchQuery,
    read_search,
)
from portal.content.catalogue.search.query_terms import QueryTerm, parse_query
from portal.content.catalogue.search.snippets import Snippet, build_snippet
from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.single_line import on_single_line
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


@dataclass(frozen=True)
class SearchResultCard:
    """One search result: a card whose title and summary have the search terms marked.

    ``snippet`` is an excerpt from another text of the record that contains terms which
    the card itself does not show; None if there is none.
    """

    card: Card
    title: SafeString
    summary: SafeString
    snippet: Snippet | None


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
        try_single_terms = len(result.terms) > 1 and not result.total and not unknown
        single_terms = terms_with_matches(result.terms) if try_single_terms else []
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
            single_term_links=_build_single_term_links(single_terms, link_query),
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

    def _read_query(self) -> tuple[SearchQuery, FilterQuery]:
        """Return the search query and the filters as given.

        If a filter has an error, the search query has no filters.
        """
        query = parameters(self.request)
        try:
            search_query, filter_query = read_search(query)
        except FilterError as error:
            raise BadRequest(error) from error
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
    return [
        _build_card(entry, card, result.terms, language)
        for entry, card in zip(result.entries, cards, strict=True)
    ]


def _build_card(
    entry: Entry, card: Card, terms: Sequence[QueryTerm], language: Language
) -> SearchResultCard:
    summary = on_single_line(card.summary).text if card.summary else ""
    visible_texts = [card.title.text, summary, card.code]
    visible_texts += [name.text for name in (*card.places, *card.countries)]
    return SearchResultCard(
        card=card,
        title=highlight_html(find_matches(card.title.text, terms)),
        summary=highlight_html(find_matches(summary, terms)),
        snippet=build_snippet(entry, terms, language, visible_texts),
    )


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
                    str(year),
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
    return {"kind": _("Kind"), "country": _("Country"), "year": _("Year")}


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
    return _get_facet_values(parameter, names).get(value, value)


def _build_order_links(search_query: SearchQuery, link_query: QueryDict) -> list[dict]:
    """Return the links that change the order of the results."""
    labels = {"best": _("Best match first"), "newest": _("Newest first")}
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
