from rest_framework import serializers

from portal.conference.models import (
    Article,
    Document,
    Edition,
    EditionDelegation,
    Page,
    Paragraph,
)
from portal.content.publishing.api.serializers import (
    LinksField,
    LocalizedModelSerializer,
    PeriodField,
    RecordSerializer,
    RelatedCodeField,
)
from portal.reference.directory.api.named_records import NamedRecordSerializer


class EditionDelegationSerializer(LocalizedModelSerializer):
    """A delegation at the Conference: country, organ and office of its head."""

    country = RelatedCodeField()
    organ = RelatedCodeField()
    source_urls = serializers.SerializerMethodField(
        help_text="Those sources of the edition that the delegation rests on."
    )

    class Meta:
        model = EditionDelegation
        fields = (
            "code",
            "country",
            "organ",
            "head_office",
            "rank",
            "source_urls",
            "confidence",
            "fallback",
        )

    def get_source_urls(self, delegation) -> list[str]:
        sources = self.context["sources_and_files"][delegation.edition_id].sources
        written = delegation.source_addresses.splitlines()
        return [source.url for source in sources if source.url in written]


class EditionSerializer(NamedRecordSerializer):
    """An edition of the China-ASEAN Prosecutors-General Conference."""

    host_country = RelatedCodeField()
    outcome_document = RelatedCodeField()
    delegations = EditionDelegationSerializer(many=True, read_only=True)
    period = PeriodField(help_text="ISO 8601, as exact as known; null: not on record.")
    co_organiser_organs = LinksField(
        help_text="Organisations on record that help the organisers."
    )
    co_organiser_parties = LinksField(
        help_text="Other parties that help the organisers."
    )

    class Meta:
        model = Edition
        fields = (
            "number",
            "name",
            "name_is_formed",
            "title",
            "title_basis",
            "title_zh_other",
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
            "theme_basis",
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
            "co_organiser_as_recorded",
            "co_organiser_organs",
            "co_organiser_parties",
        )
        extra_kwargs = {
            "co_organiser_as_recorded": {
                "help_text": "The co-organisers in the wording of the source."
            }
        }


class ParagraphSerializer(LocalizedModelSerializer):
    """A numbered paragraph of a document."""

    class Meta:
        model = Paragraph
        fields = ("number", "text", "fallback")


class DocumentSerializer(NamedRecordSerializer):
    """A declaration, statement, memorandum, agreement or treaty."""

    kind = serializers.CharField(source="document_kind")
    edition = RelatedCodeField()
    place = RelatedCodeField()
    period = PeriodField(help_text="When it was signed; null: not on record.")
    in_force = PeriodField(
        source="in_force_period",
        help_text="When it came into force; null: not on record.",
    )
    paragraphs = ParagraphSerializer(many=True, read_only=True)

    class Meta:
        model = Document
        fields = (
            "code",
            "kind",
            "name",
            "name_is_formed",
            "title",
            "title_basis",
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
    """A news article written for the portal."""

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
    """A static page, such as “About the Conference”."""

    class Meta:
        model = Page
        fields = ("slug", "title", "body", *RecordSerializer.COMMON)
