from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api.endpoints import PublicEndpoint
from portal.api.errors import BadParameter
from portal.catalogue.api.parameters import check_country, check_value
from portal.catalogue.api.serializers import AnswerSerializer
from portal.catalogue.filters import BadFilter
from portal.catalogue.registry import kinds
from portal.catalogue.search.asking import ORDERS, PAGE_SIZE, WORDS, Asked, asked
from portal.catalogue.search.finding import Result, find
from portal.catalogue.search.gathering import Names, names_of

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
        *[OpenApiParameter(name, kind, _QUERY, False, told)
          for name, kind, told in _PARAMETERS],
        OpenApiParameter("order", _STR, _QUERY, False, "Best match or newest first.",
                         enum=ORDERS),
    ],
    responses=AnswerSerializer,
)  # fmt: skip
class SearchView(PublicEndpoint, APIView):
    """Published records with all the words asked for, in whatever language."""

    def get(self, request):
        wanted = self._asked(request)
        start = (wanted.page - 1) * PAGE_SIZE
        found = find(
            wanted.q,
            filters=wanted.filters,
            order=wanted.order,
            limit=PAGE_SIZE,
            offset=start,
        )
        if wanted.page > 1 and not found.keys:
            raise Http404
        named = {iso2 for entry in found.entries for iso2 in entry.countries}
        counted = set(found.facets.get("country", ()))
        names = names_of({"country": named | counted})
        context = {"language": self.language, "names": names}
        answer = {
            "count": found.total,
            "is_more": found.is_more,
            "next": self._page(wanted, found, 1),
            "previous": self._page(wanted, found, -1),
            "facets": _facets(found, names),
            "results": found.entries,
        }
        return Response(AnswerSerializer(answer, context=context).data)

    def _asked(self, request) -> Asked:
        query = request.query_params
        self.check_parameters({*WORDS, "lang"})
        check_value(query, "kind", [kind.code for kind in kinds()])
        check_value(query, "order", ORDERS)
        check_country(query)
        try:
            return asked(query)
        except BadFilter as problem:
            raise BadParameter(problem.word, problem.value, str(problem)) from None

    def _page(self, wanted: Asked, found: Result, step: int) -> str | None:
        """The address of the page before or behind this one, if there is one."""
        number = wanted.page + step
        if not 0 < number <= -(-found.total // PAGE_SIZE):
            return None
        query = self.request.query_params.copy()
        query["page"] = str(number)
        return self.request.build_absolute_uri(f"?{query.urlencode()}")


def _facets(found: Result, names: Names) -> dict[str, dict[str, int]]:
    """How many records each value leaves; a country only while it is published."""
    facets = {
        name: {str(value): count for value, count in counts.most_common()}
        for name, counts in found.facets.items()
    }
    facets["country"] = {
        iso2: count
        for iso2, count in facets.get("country", {}).items()
        if iso2 in names["country"]
    }
    return {"kind": {}, "year": {}, **facets}
