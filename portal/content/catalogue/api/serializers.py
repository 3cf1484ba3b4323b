from django.utils import translation
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from portal.content.catalogue.formed_titles import choose_title
from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import get_kind
from portal.content.catalogue.search.providers import NamesByAxis
from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText, choose_localized_text


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class FallbackLanguagesField(serializers.DictField):
    """Map of field names to the BCP 47 language tag of their text.

    Contains only fields whose text is not written in the requested language.
    """


@extend_schema_serializer(component_name="Found")
class SearchResultSerializer(serializers.Serializer):
    """A published record in the search results, in the requested language."""

    kind = serializers.CharField(help_text="What kind of record it is.")
    code = serializers.CharField(help_text="Its public code within its kind.")
    title = serializers.CharField()
    title_is_formed = serializers.BooleanField(
        help_text="No title is written in the language of the response: this one was "
        "formed from the facts of the record."
    )
    summary = serializers.CharField(allow_null=True)
    period = serializers.CharField(
        allow_null=True, help_text="ISO 8601, as exact as known; null: not on record."
    )
    countries = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of those it can be read in."
    )
    is_sample = serializers.BooleanField(help_text="Invented; nothing in it is true.")
    path = serializers.CharField(
        allow_null=True,
        help_text="Its page, without the host; null where it has none of its own.",
    )
    fallback = FallbackLanguagesField()

    def to_representation(self, entry: Entry):
        language: Language = self.context["language"]
        texts = {
            "title": _entry_title(entry, language, self.context["names"]),
            "summary": choose_localized_text(
                {text.language: text.summary for text in entry.prefetched_texts},
                language,
            ),
        }
        return {
            "kind": entry.kind,
            "code": entry.code,
            **{name: text.text if text else None for name, text in texts.items()},
            "title_is_formed": texts["title"].is_formed,
            "period": entry.period.iso or None,
            # The record's own API representation also omits unpublished countries.
            "countries": [
                iso2
                for iso2 in entry.countries
                if iso2 in self.context["names"]["country"]
            ],
            "languages": entry.languages,
            "is_sample": entry.is_sample,
            "path": f"/{language.code}/{entry.path}" if entry.path else None,
            "fallback": {
                name: "zh-Hans" if text.is_converted else text.tag
                for name, text in texts.items()
                if text and (text.is_fallback or text.is_converted)
            },
        }


@extend_schema_serializer(component_name="Facets")
class SearchFacetsSerializer(serializers.Serializer):
    """Number of matching records for each value of each search filter."""

    kind = serializers.DictField(child=serializers.IntegerField())
    country = serializers.DictField(child=serializers.IntegerField())
    year = serializers.DictField(child=serializers.IntegerField())


@extend_schema_serializer(component_name="Answer")
class SearchResponseSerializer(serializers.Serializer):
    """One page of search results."""

    count = serializers.IntegerField(help_text="How many were found, 1000 at most.")
    is_more = serializers.BooleanField(
        help_text="More than 1000: facets count among the newest 1000."
    )
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    facets = SearchFacetsSerializer()
    results = SearchResultSerializer(many=True)


def _entry_title(entry: Entry, language: Language, names: NamesByAxis) -> LocalizedText:
    """Return the title of ``entry``, written or formed; its code if there is none."""
    kind = get_kind(entry.kind)
    with translation.override(language.code):
        title = choose_title(kind, entry.written_titles, entry.facts, names, language)
    return title or LocalizedText(entry.code, language)
