from portal.directory.models import Country, Organ
from portal.publishing.api.serializers import (
    PeriodField,
    RecordSerializer,
    RelatedKeyField,
)


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
            *RecordSerializer.COMMON,
        )


class OrganSerializer(RecordSerializer):
    """A prosecuting organ, its office, or a training institution."""

    country = RelatedKeyField()
    parent = RelatedKeyField()
    place = RelatedKeyField()
    established = PeriodField(help_text="ISO 8601, as exact as known.")

    class Meta:
        model = Organ
        fields = (
            "key",
            "name",
            "name_native",
            "native_language",
            "is_name_formed",
            "country",
            "level",
            "parent",
            "seat_as_recorded",
            "place",
            "website",
            "established",
            "established_on",
            "date_precision",
            *RecordSerializer.COMMON,
        )
