from rest_framework import serializers

from portal.publishing.api.serializers import (
    PeriodField,
    RecordSerializer,
    RelatedKeyField,
    TellsFallback,
)
from seminars.models import Seminar, Session


class SessionSerializer(TellsFallback):
    """An item of a programme. The speaker is told by office, never by name."""

    kind = serializers.CharField(source="session_kind")
    place = RelatedKeyField(help_text="Null: the first place of the seminar.")

    class Meta:
        model = Session
        fields = (
            "kind",
            "title",
            "starts_at",
            "ends_at",
            "place",
            "speaker_office",
            "fallback",
        )


class SeminarSerializer(RecordSerializer):
    """A seminar or course, with its programme."""

    period = PeriodField(help_text="ISO 8601, as exact as known; null: not on record.")
    time_zone = serializers.CharField(
        source="zone",
        allow_null=True,
        help_text="Of its first place; null: no place is on record.",
    )
    instruction_languages = serializers.ListField(
        child=serializers.CharField(), help_text="BCP 47 tags."
    )
    sessions = SessionSerializer(many=True, read_only=True)

    class Meta:
        model = Seminar
        fields = (
            "code",
            "title",
            "scope",
            "audience",
            "state",
            "period",
            "starts_on",
            "ends_on",
            "date_precision",
            "places",
            "time_zone",
            "venue",
            "venue_organs",
            "venue_parties",
            "organiser_organs",
            "organiser_parties",
            "host_organs",
            "host_parties",
            "participating_countries",
            "reported_participants",
            "hours",
            "instruction_languages",
            "summary",
            "body",
            "subjects",
            "topics",
            "sessions",
            *RecordSerializer.COMMON,
        )
