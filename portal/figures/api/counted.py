"""What is counted, as the API tells it."""

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

from portal.api.endpoints import PublicEndpoint
from portal.api.errors import BadParameter
from portal.catalogue.api.parameters import check_value
from portal.catalogue.filters import BadFilter
from portal.figures.asking import WORDS, Asked, asked_from
from portal.figures.choices import Measure
from portal.figures.counting import count, countries_on_record

_KNOWN = {*WORDS, "lang"}


class CellSerializer(serializers.Serializer):
    """One number, and the lists that it counts."""

    key = serializers.CharField(
        help_text="The year, country (iso2) or kind; empty for the total."
    )
    value = serializers.IntegerField()
    records = serializers.IntegerField(
        help_text="How many records url and api_url list."
    )
    without_number = serializers.IntegerField(
        source="unnumbered",
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
    """A countable fact with its definition and its numbers."""

    code = serializers.CharField(source="fact.code")
    label = serializers.CharField(source="fact.label")
    definition = serializers.CharField(
        source="fact.definition", help_text="What is counted, what is left out and why."
    )
    measure = serializers.ChoiceField(Measure.choices, source="fact.measure")
    total = CellSerializer()
    by_year = serializers.SerializerMethodField()
    by_country = serializers.SerializerMethodField()
    by_kind = serializers.SerializerMethodField()

    @extend_schema_field(CellSerializer(many=True))
    def get_by_year(self, figure):
        return _cells(figure, "year")

    @extend_schema_field(CellSerializer(many=True))
    def get_by_country(self, figure):
        return _cells(figure, "country")

    @extend_schema_field(CellSerializer(many=True))
    def get_by_kind(self, figure):
        return _cells(figure, "kind")


class CountedSerializer(serializers.Serializer):
    """The numbers of every fact as of a day."""

    as_of = serializers.DateField()
    country = serializers.CharField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    figures = FigureSerializer(many=True)


def _cells(figure, group: str):
    return CellSerializer(figure.groups[group].values(), many=True).data


class CountedFigures(PublicEndpoint, APIView):
    """What the record counts, never mixed with what others reported.

    A record counts when the last day of its stated period is not after ``as_of``; what
    has no date on record is counted apart. Every number names the list that it counts.
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
        countries = countries_on_record()
        asked = self._asked(request.query_params, countries)
        answer = {
            "as_of": asked.as_of,
            "country": asked.country or None,
            "year": asked.year,
            "figures": count(asked, countries=countries),
        }
        return Response(CountedSerializer(answer).data)

    def _asked(self, query, countries: list[str]) -> Asked:
        self.check_parameters(_KNOWN)
        check_value(query, "country", countries, ignore_case=True)
        try:
            return asked_from(query, countries, today=timezone.localdate())
        except BadFilter as problem:
            raise BadParameter(problem.word, problem.value, str(problem)) from None
