"""How a public record is told by the API."""

from collections.abc import Iterable
from functools import cache

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.catalogue.period import Period
from portal.languages import BY_CODE
from portal.publishing.corrections import correction_notes
from portal.publishing.links import Link, relations_of
from portal.publishing.models import Publishable
from portal.translations.markup import words_without_markup
from portal.translations.querysets import translated_fields
from portal.translations.shown import Shown, shown


def told(kind: type[serializers.Serializer], rows: Iterable) -> list:
    """``rows`` as ``kind`` tells them; it is made once, not for each row of a page.

    Only for a serializer that asks nothing of its context.
    """
    return [_teller(kind).to_representation(row) for row in rows]


@cache
def _teller(kind: type[serializers.Serializer]) -> serializers.Serializer:
    return kind()


class LinkSerializer(serializers.Serializer):
    """Something that a record points to, named in the language of the answer."""

    key = serializers.CharField(
        help_text="Its key; empty for a party that is no organ on record."
    )
    name = serializers.CharField()
    language = serializers.CharField(
        help_text="BCP 47 tag of the language of its name."
    )
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2, or empty.")

    def to_representation(self, link: Link):
        name = link.name
        return {
            "key": link.key,
            "name": name.text if name else link.key,
            "language": name.tag if name else "und",
            "country": link.country,
        }


class SourceSerializer(serializers.Serializer):
    """An address that the record rests on."""

    url = serializers.CharField()
    is_evidence_only = serializers.BooleanField(
        help_text="A copy on an unrelated host: do not show it to readers as a link."
    )


class FileSerializer(serializers.Serializer):
    """A file of the record."""

    url = serializers.CharField(help_text="Its address, without the host.")
    name = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47 tag of the language it is in.")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")


class WordsSerializer(serializers.Serializer):
    """A text and the language it is in."""

    text = serializers.CharField()
    language = serializers.CharField(source="tag", help_text="BCP 47 tag.")


class PictureSerializer(serializers.Serializer):
    """A picture on the record's page."""

    url = serializers.CharField(help_text="Its address, without the host.")
    media_type = serializers.CharField()
    width = serializers.IntegerField(help_text="In pixels.")
    height = serializers.IntegerField(help_text="In pixels.")
    alternative = WordsSerializer(help_text="What is to be seen.")
    caption = WordsSerializer(allow_null=True)
    credit = serializers.CharField(help_text="Photographer or agency; may be empty.")


class CorrectionSerializer(serializers.Serializer):
    """A public note on a correction, in the language of the answer or a fallback."""

    at = serializers.DateTimeField(help_text="When the correction was published.")
    text = serializers.CharField()
    language = serializers.CharField(
        source="text.tag", help_text="BCP 47 tag of the language of the text."
    )


class PeriodField(serializers.CharField):
    """ISO 8601, as exact as it is known; null when no date is on record."""

    def __init__(self, **kwargs):
        kwargs["read_only"] = kwargs["allow_null"] = True
        super().__init__(**kwargs)

    def to_representation(self, period: Period):
        return period.iso or None


def note_fallback(context: dict, name: str, text: Shown) -> None:
    """Say in ``fallback`` which language ``text`` was written in, if not the asked one.

    What was converted into traditional characters was written in simplified ones.
    """
    if text.is_converted:
        context["fallback"][name] = "zh-Hans"
    elif text.is_fallback:
        context["fallback"][name] = text.tag


class ShownField(serializers.CharField):
    """A translated text in the language of the answer, or the first fallback.

    It is plain: what is marked up on the page has a blank line between its blocks.
    """

    def __init__(self, **kwargs):
        kwargs["source"] = "*"
        kwargs["read_only"] = kwargs["allow_null"] = True
        super().__init__(**kwargs)

    def to_representation(self, record):
        found: Shown | None = shown(record, self.field_name, self.context["language"])
        if not found:
            return None
        note_fallback(self.context, self.field_name, found)
        return words_without_markup(found.text)


@extend_schema_field(LinkSerializer(many=True))
class LinksField(serializers.Field):
    """The links of one relation, loaded for the whole page by the view."""

    def __init__(self, **kwargs):
        kwargs["source"] = "*"
        kwargs["read_only"] = True
        super().__init__(**kwargs)

    def to_representation(self, record):
        links = self.context["links"][record.pk][self.field_name]
        return told(LinkSerializer, links)


class RelatedKeyField(serializers.CharField):
    """The public code of a record that this one points to; null while not public."""

    def __init__(self, **kwargs):
        kwargs["read_only"] = kwargs["allow_null"] = True
        super().__init__(**kwargs)

    def to_representation(self, record):
        if not isinstance(record, Publishable):
            return record.key
        return record.public_code if record.is_published else None


class CodeField(serializers.ChoiceField):
    """One of the stored codes of a choice; null where it is not on record."""

    def to_representation(self, value):
        return value or None


class TellsFallback(serializers.ModelSerializer):
    """Texts of a model in the language of the answer, and which are in another one.

    A subclass names its fields in ``Meta.fields``; translated texts and links to the
    directory are told by these names without further ado. ``fallback`` maps each text
    shown in another language than asked for to the language it is in.
    """

    serializer_choice_field = CodeField
    fallback = serializers.SerializerMethodField(
        help_text="Field → language, for every text shown in another language."
    )

    def build_field(self, field_name, info, model_class, nested_depth):
        if field_name in translated_fields(model_class):
            return ShownField, {}
        if field_name in {relation.name for relation in relations_of(model_class)}:
            return LinksField, {}
        return super().build_field(field_name, info, model_class, nested_depth)

    def build_standard_field(self, field_name, model_field):
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if issubclass(field_class, CodeField):
            kwargs["allow_null"] = model_field.blank
        return field_class, kwargs

    def get_extra_kwargs(self):
        """Everything is read only: the contract then is the same on every database,
        whose ranges of numbers differ."""
        extra = super().get_extra_kwargs()
        return {
            name: {**extra.get(name, {}), "read_only": True}
            for name in self.Meta.fields
        }

    def to_representation(self, record):
        # A part of a record tells its own fallbacks, beside its own texts.
        outer = self.context.get("fallback")
        self.context["fallback"] = {}
        data = super().to_representation(record)
        data["fallback"] = self.context["fallback"]
        self.context["fallback"] = outer
        return data

    def tell(self, name: str, text: Shown) -> str:
        """The text of a field that is named by a sentence, its fallback noted."""
        note_fallback(self.context, name, text)
        return text.text

    def get_fallback(self, record) -> dict[str, str]:
        return {}


class RecordSerializer(TellsFallback):
    """Base of every public record: its texts, links, sources, languages and times."""

    url = serializers.SerializerMethodField(help_text="Its page, without the host.")
    languages = serializers.SerializerMethodField(
        help_text="BCP 47 tags of the languages in which the record exists."
    )
    sources = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()
    illustrations = serializers.SerializerMethodField()
    corrections = serializers.SerializerMethodField(
        help_text="Notes on corrections, the latest first."
    )

    COMMON = (
        "url",
        "is_sample",
        "confidence",
        "remark",
        "sources",
        "files",
        "illustrations",
        "corrections",
        "languages",
        "fallback",
        "revision",
        "published_at",
        "changed_at",
    )

    @extend_schema_field(SourceSerializer(many=True))
    def get_sources(self, record):
        evidence = self.context["evidence"][record.pk]
        return told(SourceSerializer, evidence.sources)

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, record):
        evidence = self.context["evidence"][record.pk]
        return told(FileSerializer, evidence.files)

    @extend_schema_field(PictureSerializer(many=True))
    def get_illustrations(self, record):
        evidence = self.context["evidence"][record.pk]
        return told(PictureSerializer, evidence.pictures)

    @extend_schema_field(CorrectionSerializer(many=True))
    def get_corrections(self, record):
        notes = correction_notes(record, self.context["language"])
        return CorrectionSerializer(notes, many=True).data

    def get_url(self, record) -> str:
        return record.get_absolute_url()

    def get_languages(self, record) -> list[str]:
        return [BY_CODE[code].tag for code in record.languages]
