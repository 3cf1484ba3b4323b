"""API of the counted figures."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.content.catalogue.api.parameters import check_value
from portal.content.catalogue.filters import FilterError
from portal.content.catalogue.models import Entry
from portal.content.figures.choices import Measure
from portal.content.figures.counting import count_figures
from portal.content.figures.query import PARAMETERS, FigureQuery, parse_figure_query
from portal.core.api.endpoints import PublicEndpoint
from portal.core.api.errors import InvalidParameterError

_PARAMETERS = {*PARAMETERS, "lang"}


class CellSerializer(serializers.Serializer):
    """One number, with links to the lists of the records it counts."""

    key = serializers.CharField(
        help_text="The year, country (iso2) or kind; empty for the total."
    )
    value = serializers.IntegerField()
    records = serializers.IntegerField(
        help_text="How many records url and api_url list."
    )
    without_number = serializers.IntegerField(
        help_text="How many of the records report no participants: not in the value.",
    )
    undated = serializers.IntegerField(
        help_text="Records without a date on record, counted apart; 0 for a year."
    )
    url = serializers.CharField(help_text="The list's page, without the host.")
    api_url = serializers.CharField(help_text="The list's API query, without the host.")
    undated_url = serializers.CharField(allow_null=True, help_text="Null for a year.")
    undated_api_url = serializers.CharField(
        allow_null=True, help_text="Null for a year."
    )


class FigureSerializer(serializers.Serializer):
    """An indicator with its definition and its numbers."""

    code = serializers.CharField(source="indicator.code")
    label = serializers.CharField(source="indicator.label")
    definition = serializers.CharField(
        source="indicator.definition",
        help_text="What is included, what is left out and why.",
    )
    measure = serializers.ChoiceField(Measure.choices, source="indicator.measure")
    total = CellSerializer()
    by_year = serializers.SerializerMethodField()
    by_country = serializers.SerializerMethodField()
    by_kind = serializers.SerializerMethodField()

    @extend_schema_field(CellSerializer(many=True))
    def get_by_year(self, figure):
        return _group_cells(figure, "year")

    @extend_schema_field(CellSerializer(many=True))
    def get_by_country(self, figure):
        return _group_cells(figure, "country")

    @extend_schema_field(CellSerializer(many=True))
    def get_by_kind(self, figure):
        return _group_cells(figure, "kind")


class CountedSerializer(serializers.Serializer):
    """The numbers of all indicators as of a date."""

    as_of = serializers.DateField()
    country = serializers.CharField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    figures = FigureSerializer(many=True)


def _group_cells(figure, group: str):
    return CellSerializer(figure.groups[group].values(), many=True).data


class CountedFiguresView(PublicEndpoint, APIView):
    """Numbers counted from the records, separate from figures reported by others.

    A record is counted if the last day of its period is not after ``as_of``; records
    without a date are counted separately. Every number links to the list of the records
    it counts.
    """

    @extend_schema(
        operation_id="figures_counted",
        summary="Counted figures",
        parameters=[
            OpenApiParameter(
                "as_of",
                OpenApiTypes.DATE,
                description="Over by this day; today at the office if not given.",
            ),
            OpenApiParameter("country", description="ISO 3166-1 alpha-2 code."),
            OpenApiParameter(
                "year",
                OpenApiTypes.INT,
                description="Year of the last day of the stated period.",
            ),
        ],
        responses=CountedSerializer,
    )
    def get(self, request):
        countries = Entry.objects.country_codes()
        query = self._parse_query(request.query_params, countries)
        payload = {
            "as_of": query.as_of,
            "country": query.country or None,
            "year": query.year,
            "figures": count_figures(query, countries=countries),
        }
        return Response(CountedSerializer(payload).data)

    def _parse_query(self, parameters, countries: list[str]) -> FigureQuery:
        self.check_parameters(_PARAMETERS)
        check_value(parameters, "country", countries, ignore_case=True)
        try:
            return parse_figure_query(parameters, countries, today=timezone.localdate())
        except FilterError as error:
            raise InvalidParameterError(
                error.parameter, error.value, str(error)
            ) from None
