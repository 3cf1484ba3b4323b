from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api.endpoints import PublicEndpoint
from portal.api.errors import BadParameter
from portal.catalogue.api.serializers import AnswerSerializer
from portal.catalogue.filters import BadFilter
from portal.catalogue.search.asking import ORDERS, PAGE_SIZE, WORDS, Asked, asked
from portal.catalogue.search.finding import Result, find
from portal.catalogue.search.gathering import names_of

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
        codes = {iso2 for entry in found.entries for iso2 in entry.countries}
        context = {"language": self.language, "names": names_of({"country": codes})}
        answer = {
            "count": found.total,
            "is_more": found.is_more,
            "next": self._page(wanted, found, 1),
            "previous": self._page(wanted, found, -1),
            "facets": {
                word: {str(value): count for value, count in counts.most_common()}
                for word, counts in found.facets.items()
            }
            or {"kind": {}, "country": {}, "year": {}},
            "results": found.entries,
        }
        return Response(AnswerSerializer(answer, context=context).data)

    def _asked(self, request) -> Asked:
        self.check_parameters({*WORDS, "lang"})
        try:
            return asked(request.query_params)
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
