from django.utils import translation
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.catalogue.models import Entry
from portal.catalogue.naming import form_title
from portal.catalogue.registry import kind_of
from portal.languages import Language
from portal.translations.shown import Shown, choose, names_in


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class FallbackField(serializers.DictField):
    """Field → BCP 47 tag of the language it is in, where that is another one."""


class FoundSerializer(serializers.Serializer):
    """A published record that was found, in the language of the answer."""

    kind = serializers.CharField(help_text="What kind of record it is.")
    code = serializers.CharField(help_text="Its public code within its kind.")
    title = serializers.CharField()
    summary = serializers.CharField(allow_null=True)
    period = serializers.CharField(
        allow_null=True, help_text="ISO 8601, as exact as known; null: not on record."
    )
    countries = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of those it is written in."
    )
    is_sample = serializers.BooleanField(help_text="Invented; nothing in it is true.")
    path = serializers.CharField(
        allow_null=True,
        help_text="Its page, without the host; null where it has none of its own.",
    )
    fallback = FallbackField()

    def to_representation(self, entry: Entry):
        language: Language = self.context["language"]
        texts = {
            "title": _title(entry, language, self.context["names"]),
            "summary": choose(
                {text.language: text.summary for text in entry.texts_read}, language
            ),
        }
        return {
            "kind": entry.kind,
            "code": entry.code,
            **{name: text.text if text else None for name, text in texts.items()},
            "period": entry.period.iso or None,
            # As in the record's own answer: a country only while it is published.
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


class FacetsSerializer(serializers.Serializer):
    """How many of what was found each value of a filter leaves."""

    kind = serializers.DictField(child=serializers.IntegerField())
    country = serializers.DictField(child=serializers.IntegerField())
    year = serializers.DictField(child=serializers.IntegerField())


class AnswerSerializer(serializers.Serializer):
    """One page of what was found."""

    count = serializers.IntegerField(help_text="How many were found, 1000 at most.")
    is_more = serializers.BooleanField(
        help_text="More than 1000: facets count among the newest 1000."
    )
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    facets = FacetsSerializer()
    results = FoundSerializer(many=True)


def _title(entry: Entry, language: Language, names: dict) -> Shown:
    """Its title; without a written one, the sentence that names it on pages."""
    titles = {text.language: text.title for text in entry.texts_read}
    if written := choose(titles, language):
        return written
    kind = kind_of(entry.kind)
    if kind.sentence is None:
        return Shown(entry.code, language)
    with translation.override(language.code):
        return form_title(
            kind,
            entry.facts,
            lambda spoken: names_in(spoken, names["country"]),
            language,
        )
