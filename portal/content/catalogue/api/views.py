from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.content.catalogue.api.parameters import check_country, check_value
from portal.content.catalogue.api.serializers import SearchResponseSerializer
from portal.content.catalogue.filters import FilterError
from portal.content.catalogue.formed_titles import collect_title_keys
from portal.content.catalogue.registry import all_kinds
from portal.content.catalogue.search.engine import SearchResult, search_entries
from portal.content.catalogue.search.providers import NamesByAxis, collect_names
from portal.content.catalogue.search.query import (
    ORDERS,
    PAGE_SIZE,
    PARAMETERS,
    SearchQuery,
    parse_search_query,
)
from portal.core.api.endpoints import PublicEndpoint
from portal.core.api.errors import InvalidParameterError

_INT, _STR = OpenApiTypes.INT, OpenApiTypes.STR
_QUERY = OpenApiParameter.QUERY
_PARAMETERS = (
    ("q", _STR, "Words in any language, 200 characters at most; all must be found."),
    ("kind", _STR, "Only records of this kind."),
    ("country", _STR, "ISO 3166-1 alpha-2 code of a country."),
    ("year", _INT, "Year of the last day of the stated period."),
    ("page", _INT, "From 1; 20 records on a page."),
)


@extend_schema(
    summary="Search the record",
    parameters=[
        *[OpenApiParameter(name, kind, _QUERY, False, message)
          for name, kind, message in _PARAMETERS],
        OpenApiParameter("order", _STR, _QUERY, False, "Best match or newest first.",
                         enum=ORDERS),
    ],
    responses=SearchResponseSerializer,
)  # fmt: skip
class SearchAPIView(PublicEndpoint, APIView):
    """Search published records that contain all search terms, in any language."""

    def get(self, request):
        query = self._parse_query(request)
        start = (query.page - 1) * PAGE_SIZE
        result = search_entries(
            query.q,
            filters=query.filters,
            order=query.order,
            limit=PAGE_SIZE,
            offset=start,
        )
        if query.page > 1 and not result.row_ids:
            raise Http404
        result_countries = {
            iso2 for entry in result.entries for iso2 in entry.countries
        }
        facet_countries = set(result.facets.get("country", ()))
        title_keys = collect_title_keys(result.entries, self.language)
        countries = (
            result_countries | facet_countries | title_keys.get("country", set())
        )
        names = collect_names({**title_keys, "country": countries})
        context = {"language": self.language, "names": names}
        payload = {
            "count": result.total,
            "is_more": result.has_more,
            "next": self._page_url(query, result, 1),
            "previous": self._page_url(query, result, -1),
            "facets": _facets(result, names),
            "results": result.entries,
        }
        return Response(SearchResponseSerializer(payload, context=context).data)

    def _parse_query(self, request) -> SearchQuery:
        query = request.query_params
        self.check_parameters({*PARAMETERS, "lang"})
        check_value(query, "kind", [kind.code for kind in all_kinds()])
        check_value(query, "order", ORDERS)
        check_country(query)
        try:
            return parse_search_query(query)
        except FilterError as error:
            raise InvalidParameterError(
                error.parameter, error.value, str(error)
            ) from None

    def _page_url(
        self, query: SearchQuery, result: SearchResult, step: int
    ) -> str | None:
        """Return the URL of the page ``step`` pages away, None if there is none."""
        number = query.page + step
        if not 0 < number <= -(-result.total // PAGE_SIZE):
            return None
        parameters = self.request.query_params.copy()
        parameters["page"] = str(number)
        return self.request.build_absolute_uri(f"?{parameters.urlencode()}")


def _facets(result: SearchResult, names: NamesByAxis) -> dict[str, dict[str, int]]:
    """Return the number of matching records by filter and value.

    Countries that are not published are left out.
    """
    facets = {
        name: {str(value): count for value, count in counts.most_common()}
        for name, counts in result.facets.items()
    }
    facets["country"] = {
        iso2: count
        for iso2, count in facets.get("country", {}).items()
        if iso2 in names["country"]
    }
    return {"kind": {}, "year": {}, **facets}
