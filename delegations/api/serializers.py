from rest_framework import serializers

from delegations.models import Stop, Visit
from portal.directory.naming import name_of
from portal.publishing.api.serializers import (
    PeriodField,
    RecordSerializer,
    RelatedKeyField,
    TellsFallback,
)


class StopSerializer(TellsFallback):
    """A stop of a visit; what is null is not on record."""

    place = RelatedKeyField()
    organ = RelatedKeyField()

    class Meta:
        model = Stop
        fields = ("visited_on", "place", "organ", "activity", "fallback")


class VisitSerializer(RecordSerializer):
    """A visit of a delegation. Its members are not told."""

    name = serializers.SerializerMethodField(
        help_text="Its title, or a sentence where no title is written."
    )
    from_country = RelatedKeyField()
    to_country = RelatedKeyField()
    meeting = RelatedKeyField(help_text="The border meeting that the visit was.")
    outcome_document = RelatedKeyField()
    stops = StopSerializer(many=True, read_only=True)
    period = PeriodField(help_text="ISO 8601, as exact as known; null: not on record.")

    class Meta:
        model = Visit
        fields = (
            "code",
            "name",
            "title",
            "direction",
            "scope",
            "state",
            "period",
            "starts_on",
            "ends_on",
            "date_precision",
            "from_country",
            "from_as_recorded",
            "from_organs",
            "from_parties",
            "to_country",
            "to_as_recorded",
            "to_organs",
            "to_parties",
            "place_as_recorded",
            "places",
            "purpose",
            "purpose_kind",
            "summary",
            "outcome",
            "head_count",
            "topics",
            "stops",
            "meeting",
            "outcome_document",
            *RecordSerializer.COMMON,
        )

    def get_name(self, record) -> str:
        countries = (record.from_country, record.to_country)
        return self.tell("name", name_of(record, self.context["language"], countries))
