from rest_framework import serializers

from portal.conference.models import (
    Article,
    Document,
    Edition,
    EditionDelegation,
    Page,
    Paragraph,
)
from portal.directory.naming import name_of
from portal.publishing.api.serializers import (
    PeriodField,
    RecordSerializer,
    RelatedKeyField,
    TellsFallback,
)


class EditionDelegationSerializer(TellsFallback):
    """A delegation by its country, organ and the office of its head."""

    country = RelatedKeyField()
    organ = RelatedKeyField()

    class Meta:
        model = EditionDelegation
        fields = ("country", "organ", "head_office", "fallback")


class EditionSerializer(RecordSerializer):
    """An edition of the Conference."""

    name = serializers.SerializerMethodField(help_text="Its name as a sentence.")
    host_country = RelatedKeyField()
    outcome_document = RelatedKeyField()
    delegations = EditionDelegationSerializer(many=True, read_only=True)
    period = PeriodField(help_text="ISO 8601, as exact as known; null: not on record.")

    class Meta:
        model = Edition
        fields = (
            "number",
            "name",
            "name_order",
            "state",
            "period",
            "starts_on",
            "ends_on",
            "date_precision",
            "places",
            "city_as_recorded",
            "host_country",
            "host_as_recorded",
            "host_organs",
            "host_parties",
            "organiser_organs",
            "organiser_parties",
            "theme",
            "theme_other",
            "theme_other_language",
            "summary",
            "topics",
            "outcome_as_recorded",
            "outcome_document",
            "participants",
            "participants_qualifier",
            "delegations",
            *RecordSerializer.COMMON,
        )

    def get_name(self, record) -> str:
        return self.tell("name", name_of(record, self.context["language"]))


class ParagraphSerializer(TellsFallback):
    """A numbered paragraph of a document."""

    class Meta:
        model = Paragraph
        fields = ("number", "text", "fallback")


class DocumentSerializer(RecordSerializer):
    """A declaration, statement, memorandum, agreement or treaty."""

    kind = serializers.CharField(source="document_kind")
    edition = RelatedKeyField()
    place = RelatedKeyField()
    period = PeriodField(help_text="When it was signed; null: not on record.")
    in_force = PeriodField(help_text="When it came into force; null: not on record.")
    paragraphs = ParagraphSerializer(many=True, read_only=True)

    class Meta:
        model = Document
        fields = (
            "code",
            "kind",
            "title",
            "edition",
            "period",
            "signed_on",
            "date_precision",
            "in_force",
            "in_force_on",
            "in_force_precision",
            "place",
            "parties_as_recorded",
            "party_organs",
            "named_parties",
            "parties_basis",
            "party_countries",
            "topics",
            "paragraphs",
            *RecordSerializer.COMMON,
        )


class ArticleSerializer(RecordSerializer):
    """A report in the portal's own words."""

    class Meta:
        model = Article
        fields = (
            "slug",
            "title",
            "summary",
            "body",
            "reported_on",
            "date_precision",
            "countries",
            "organs",
            "topics",
            *RecordSerializer.COMMON,
        )


class PageSerializer(RecordSerializer):
    """A standing page."""

    class Meta:
        model = Page
        fields = ("slug", "title", "body", *RecordSerializer.COMMON)
