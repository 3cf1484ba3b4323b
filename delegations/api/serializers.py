from delegations.models import Stop, Visit
from portal.content.publishing.api.serializers import (
    LocalizedModelSerializer,
    PeriodField,
    RecordSerializer,
    RelatedCodeField,
)
from portal.reference.directory.api.named_records import NamedRecordSerializer


class StopSerializer(LocalizedModelSerializer):
    """A stop of a visit. Null means that the value is not known."""

    place = RelatedCodeField()
    organ = RelatedCodeField()

    class Meta:
        model = Stop
        fields = ("visited_on", "place", "organ", "activity", "fallback")


class VisitSerializer(NamedRecordSerializer):
    """A visit of a delegation. The members of the delegation are not included."""

    from_country = RelatedCodeField()
    to_country = RelatedCodeField()
    meeting = RelatedCodeField(help_text="The border meeting that the visit was.")
    outcome_document = RelatedCodeField()
    stops = StopSerializer(many=True, read_only=True)
    period = PeriodField(help_text="ISO 8601, as exact as known; null: not on record.")

    class Meta:
        model = Visit
        fields = (
            "code",
            "name",
            "name_is_formed",
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

    def get_title_countries(self, record):
        return (record.from_country, record.to_country)
