from rest_framework import serializers

from portal.content.publishing.api.serializers import (
    LinksField,
    LocalizedModelSerializer,
    PeriodField,
    RecordSerializer,
    RelatedCodeField,
)
from portal.core.languages import LANGUAGES_BY_CODE
from portal.reference.directory.api.named_records import NamedRecordSerializer
from seminars.models import Material, Seminar, Session


class SessionSerializer(LocalizedModelSerializer):
    """An item of a seminar programme. A speaker is given by office, never by name."""

    kind = serializers.CharField(source="session_kind")
    place = RelatedCodeField(help_text="Null: the first place of the seminar.")

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


class MaterialSerializer(LocalizedModelSerializer):
    """A public file of a seminar: a paper, slides or a programme."""

    url = serializers.CharField(
        source="file.get_absolute_url", help_text="Its address, without the host."
    )
    name = serializers.CharField(source="file.name", help_text="Its file name.")
    language = serializers.SerializerMethodField(
        help_text="BCP 47 tag of the language it is in."
    )
    media_type = serializers.CharField(source="file.media_type")
    size = serializers.IntegerField(source="file.size", help_text="In bytes.")

    class Meta:
        model = Material
        fields = ("url", "name", "title", "language", "media_type", "size", "fallback")

    def get_language(self, material) -> str:
        return LANGUAGES_BY_CODE[material.language].tag


class SeminarSerializer(NamedRecordSerializer):
    """A seminar or training course, with its programme and public materials."""

    period = PeriodField(help_text="ISO 8601, as exact as known; null: not on record.")
    time_zone = serializers.CharField(
        allow_null=True,
        help_text="Of its first place; null: no place is on record.",
    )
    instruction_languages = serializers.ListField(
        child=serializers.CharField(), help_text="BCP 47 tags."
    )
    sessions = SessionSerializer(many=True, read_only=True)
    materials = MaterialSerializer(many=True, read_only=True, source="public_materials")
    co_organiser_organs = LinksField(
        help_text="Organisations on record that help the organisers."
    )
    co_organiser_parties = LinksField(
        help_text="Other parties that help the organisers."
    )

    class Meta:
        model = Seminar
        fields = (
            "code",
            "name",
            "name_is_formed",
            "title",
            "title_basis",
            "scope",
            "audience",
            "state",
            "period",
            "starts_on",
            "ends_on",
            "date_precision",
            "places",
            "city_as_recorded",
            "time_zone",
            "venue",
            "venue_as_recorded",
            "venue_organs",
            "venue_parties",
            "organiser_as_recorded",
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
            "materials",
            *RecordSerializer.COMMON,
            "co_organiser_as_recorded",
            "co_organiser_organs",
            "co_organiser_parties",
        )
        extra_kwargs = {
            "co_organiser_as_recorded": {
                "help_text": "The co-organisers in the wording of the source."
            }
        }
