from rest_framework import serializers

from exchanges.models import Mechanism, Meeting
from portal.directory.naming import name_of
from portal.publishing.api.serializers import (
    PeriodField,
    RecordSerializer,
    RelatedKeyField,
)


class MechanismSerializer(RecordSerializer):
    """A standing arrangement of organs on both sides of a border."""

    kind = serializers.CharField(source="mechanism_kind")
    other_country = RelatedKeyField()
    legal_basis = RelatedKeyField()
    started = PeriodField(help_text="Since when; null: not on record.")

    class Meta:
        model = Mechanism
        fields = (
            "key",
            "name",
            "kind",
            "state",
            "started",
            "since",
            "date_precision",
            "rhythm_months",
            "side_a_organs",
            "side_a_parties",
            "side_b_organs",
            "side_b_parties",
            "other_country",
            "legal_basis",
            *RecordSerializer.COMMON,
        )


class AgendaItemSerializer(serializers.Serializer):
    """An item of an agenda, and the language that it is told in."""

    text = serializers.CharField()
    language = serializers.CharField(source="text.tag", help_text="BCP 47 tag.")


class AgreedActionSerializer(AgendaItemSerializer):
    """What a meeting agreed to do, and what became of it."""

    state = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    responsible_organ = serializers.CharField(
        allow_null=True,
        help_text="Key of the organ that answers for it; null: none, or not public.",
    )


class MeetingSerializer(RecordSerializer):
    """A meeting of procuratorates on both sides of a border."""

    name = serializers.SerializerMethodField(
        help_text="Its title, or a sentence where no title is written."
    )
    mechanism = RelatedKeyField()
    host_country = RelatedKeyField()
    other_country = RelatedKeyField()
    outcome_document = RelatedKeyField()
    period = PeriodField(help_text="ISO 8601, as exact as known; null: not on record.")
    agenda_items = AgendaItemSerializer(many=True, source="agenda_read", read_only=True)
    agreed_actions = AgreedActionSerializer(
        many=True, source="actions_read", read_only=True
    )

    class Meta:
        model = Meeting
        fields = (
            "code",
            "name",
            "title",
            "mechanism",
            "mechanism_as_recorded",
            "series_number",
            "state",
            "period",
            "starts_on",
            "ends_on",
            "date_precision",
            "place_as_recorded",
            "places",
            "host_country",
            "host_organs",
            "organs_cn_as_recorded",
            "organs_cn",
            "parties_cn",
            "other_country",
            "organs_other_as_recorded",
            "organs_other",
            "parties_other",
            "topics",
            "agenda_items",
            "outcome",
            "agreed_actions",
            "outcome_document",
            *RecordSerializer.COMMON,
        )

    def get_name(self, record) -> str:
        countries = (record.other_country,)
        return self.tell("name", name_of(record, self.context["language"], countries))
