from portal.content.publishing.api.serializers import (
    PeriodField,
    RecordSerializer,
    RelatedCodeField,
)
from portal.reference.directory.models import Country, Organ


class CountrySerializer(RecordSerializer):
    """China or a member state of ASEAN."""

    class Meta:
        model = Country
        fields = (
            "iso2",
            "name",
            "joined_asean_on",
            "national_languages",
            "reviewed_on",
            "prosecution_system",
            "prosecution_system_reviewed_on",
            *RecordSerializer.COMMON,
        )


class OrganSerializer(RecordSerializer):
    """A prosecuting organ, one of its offices, or a training institution."""

    country = RelatedCodeField()
    parent = RelatedCodeField()
    place = RelatedCodeField()
    area = RelatedCodeField()
    established = PeriodField(help_text="ISO 8601, as exact as known.")

    class Meta:
        model = Organ
        fields = (
            "key",
            "name",
            "name_basis",
            "name_native",
            "native_language",
            "is_name_formed",
            "country",
            "level",
            "parent",
            "seat_as_recorded",
            "place",
            "area",
            "website",
            "established",
            "established_on",
            "date_precision",
            *RecordSerializer.COMMON,
        )
