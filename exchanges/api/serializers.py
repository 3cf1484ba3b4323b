from django.utils.functional import cached_property
from rest_framework import serializers

from exchanges.models import Mechanism, Meeting
from portal.content.publishing.api.serializers import (
    PeriodField,
    RecordSerializer,
    RelatedCodeField,
    TextBasisField,
)
from portal.core.translations.localized_text import localized
from portal.reference.directory.api.named_records import NamedRecordSerializer
from portal.reference.directory.models import Country


class NameBasisField(TextBasisField):
    """Where the name of the response comes from; null for a name formed from facts."""

    def to_representation(self, record):
        is_formed = self.parent.get_name_is_formed(record)
        return None if is_formed else super().to_representation(record)


class MechanismSerializer(NamedRecordSerializer):
    """A standing arrangement between prosecuting authorities of two countries."""

    name_basis = NameBasisField()
    kind = serializers.CharField(source="mechanism_kind")
    other_country = RelatedCodeField()
    legal_basis = RelatedCodeField()
    started = PeriodField(
        source="start_period", help_text="Since when; null: not on record."
    )

    class Meta:
        model = Mechanism
        fields = (
            "key",
            "name",
            "name_is_formed",
            "name_basis",
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

    def get_title_countries(self, record):
        return (record.other_country, self._china)

    @cached_property
    def _china(self) -> Country | None:
        """China, which is a side of every mechanism."""
        countries = Country.objects.only_language(self.context["language"])
        return countries.with_code("CN").first()


class LocalizedRowListSerializer(serializers.ListSerializer):
    """List of child rows that have a text in the language of the response or in a
    fallback language."""

    def to_representation(self, rows):
        language = self.context["language"]
        texts = [(row, localized(row, "text", language)) for row in rows]
        return super().to_representation(
            [{"row": row, "text": text} for row, text in texts if text]
        )


class AgendaItemSerializer(serializers.Serializer):
    """An item of a meeting's agenda, with the language of its text."""

    text = serializers.CharField()
    language = serializers.CharField(source="text.tag", help_text="BCP 47 tag.")

    class Meta:
        list_serializer_class = LocalizedRowListSerializer


class AgreedActionSerializer(AgendaItemSerializer):
    """An action agreed at a meeting, with its state, due date and closing date."""

    state = serializers.CharField(source="row.state")
    due_on = serializers.DateField(source="row.due_on", allow_null=True)
    closed_on = serializers.DateField(source="row.closed_on", allow_null=True)
    responsible_organ = serializers.CharField(
        source="row.public_organ_key",
        allow_null=True,
        help_text="Key of the organ that answers for it; null: none, or not public.",
    )


class MeetingSerializer(NamedRecordSerializer):
    """A meeting of Chinese procuratorates with authorities across the border."""

    mechanism = RelatedCodeField()
    host_country = RelatedCodeField()
    other_country = RelatedCodeField()
    outcome_document = RelatedCodeField()
    period = PeriodField(help_text="ISO 8601, as exact as known; null: not on record.")
    agenda_items = AgendaItemSerializer(
        many=True, source="localized_agenda_items", read_only=True
    )
    agreed_actions = AgreedActionSerializer(
        many=True, source="localized_agreed_actions", read_only=True
    )

    class Meta:
        model = Meeting
        fields = (
            "code",
            "name",
            "name_is_formed",
            "title",
            "title_basis",
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

    def get_title_countries(self, record):
        return (record.other_country,)
