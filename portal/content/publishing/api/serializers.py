"""Base serializers and fields for public records in the API."""

from collections.abc import Iterable
from functools import cache

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from portal.content.catalogue.period import Period
from portal.content.publishing.choices import TextBasis
from portal.content.publishing.corrections import correction_notes
from portal.content.publishing.links import Link, get_link_relations
from portal.content.publishing.models import Publishable
from portal.content.publishing.text_basis import get_text_bases, get_text_basis
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import LocalizedText, localized
from portal.core.translations.markup import strip_markup
from portal.core.translations.querysets import translated_fields

# Suffix of the API field with the origin of a text.
_BASIS_SUFFIX = "_basis"


def serialize_many(
    serializer_class: type[serializers.Serializer], rows: Iterable
) -> list:
    """Serialize ``rows`` with one cached instance of the serializer class.

    Only for serializers that do not use their context.
    """
    return [_get_serializer(serializer_class).to_representation(row) for row in rows]


@cache
def _get_serializer(
    serializer_class: type[serializers.Serializer],
) -> serializers.Serializer:
    return serializer_class()


class LinkSerializer(serializers.Serializer):
    """A country, organ, party, place or topic that a record refers to, named in the
    language of the response."""

    key = serializers.CharField(
        help_text="Its key; empty for a party that is no organ on record."
    )
    name = serializers.CharField()
    language = serializers.CharField(
        help_text="BCP 47 tag of the language of its name."
    )
    name_basis = serializers.ChoiceField(
        TextBasis.choices,
        allow_null=True,
        help_text="Where the name comes from; null: not known.",
    )
    is_draft = serializers.BooleanField(
        help_text="Nobody who speaks the language of the name has read it yet."
    )
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2, or empty.")

    def to_representation(self, link: Link):
        name = link.name
        return {
            "key": link.key,
            "name": name.text if name else link.key,
            "language": name.tag if name else "und",
            "name_basis": link.basis or None,
            "is_draft": link.is_draft,
            "country": link.country,
        }


class FileSerializer(serializers.Serializer):
    """A file attached to the record."""

    url = serializers.CharField(help_text="Its address, without the host.")
    name = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47 tag of the language it is in.")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")


@extend_schema_serializer(component_name="Words")
class LocalizedTextSerializer(serializers.Serializer):
    """A text and its language."""

    text = serializers.CharField()
    language = serializers.CharField(source="tag", help_text="BCP 47 tag.")


class PictureSerializer(serializers.Serializer):
    """A picture that the record's page displays."""

    url = serializers.CharField(help_text="Its address, without the host.")
    media_type = serializers.CharField()
    width = serializers.IntegerField(help_text="In pixels.")
    height = serializers.IntegerField(help_text="In pixels.")
    alternative = LocalizedTextSerializer(help_text="What is to be seen.")
    caption = LocalizedTextSerializer(allow_null=True)
    credit = serializers.CharField(help_text="Photographer or agency; may be empty.")


class CorrectionSerializer(serializers.Serializer):
    """A public correction note in the language of the response or a fallback
    language."""

    at = serializers.DateTimeField(help_text="When the correction was published.")
    text = serializers.CharField()
    language = serializers.CharField(
        source="text.tag", help_text="BCP 47 tag of the language of the text."
    )


class PeriodField(serializers.CharField):
    """ISO 8601 period, as exact as it is known; null if the date is unknown."""

    def __init__(self, **kwargs):
        kwargs["read_only"] = kwargs["allow_null"] = True
        super().__init__(**kwargs)

    def to_representation(self, period: Period):
        return period.iso or None


class SourceSerializer(serializers.Serializer):
    """A source of the record: its address, and what is on record about it."""

    url = serializers.CharField()
    is_evidence_only = serializers.BooleanField(
        help_text=(
            "A copy on an unrelated host: do not show it to readers as a link. The "
            "other fields are empty then."
        )
    )
    title = serializers.CharField(
        help_text="In the language of the source; may be empty."
    )
    publisher = serializers.CharField(
        help_text="In the language of the source; may be empty."
    )
    published = PeriodField(
        source="period", help_text="Day, month or year; null: not on record."
    )
    language = serializers.CharField(
        help_text="BCP 47 tag of the language of the source; may be empty."
    )
    archive_url = serializers.CharField(
        help_text="Address of a copy in a web archive; may be empty."
    )


def report_fallback(context: dict, name: str, text: LocalizedText) -> None:
    """Add the language of ``text`` to ``fallback`` if it is not the requested language.

    Text that was converted to traditional characters counts as a simplified Chinese
    text.
    """
    if text.is_converted:
        context["fallback"][name] = "zh-Hans"
    elif text.is_fallback:
        context["fallback"][name] = text.tag


class LocalizedTextField(serializers.CharField):
    """A translated text in the language of the response, or in the first fallback
    language.

    The text is plain: markup is removed, and blocks are separated by a blank line.
    """

    def __init__(self, **kwargs):
        kwargs["source"] = "*"
        kwargs["read_only"] = kwargs["allow_null"] = True
        super().__init__(**kwargs)

    def to_representation(self, record):
        text: LocalizedText | None = localized(
            record, self.field_name, self.context["language"]
        )
        if not text:
            return None
        report_fallback(self.context, self.field_name, text)
        return strip_markup(text.text)


class TextBasisField(serializers.ChoiceField):
    """Where a text of the response comes from; null if it is not known.

    The field ``title_basis`` is about the text of the field ``title``.
    """

    def __init__(self, **kwargs):
        kwargs |= {"source": "*", "read_only": True, "allow_null": True}
        kwargs.setdefault("help_text", "Where the text comes from; null: not known.")
        super().__init__(TextBasis.choices, **kwargs)

    def to_representation(self, record):
        name = self.field_name.removesuffix(_BASIS_SUFFIX)
        text = localized(record, name, self.context["language"])
        return get_text_basis(record, name, text) or None


@extend_schema_field(LinkSerializer(many=True))
class LinksField(serializers.Field):
    """The links of one relation, which the view has loaded for all records of the
    page."""

    def __init__(self, **kwargs):
        kwargs["source"] = "*"
        kwargs["read_only"] = True
        super().__init__(**kwargs)

    def to_representation(self, record):
        links = self.context["links"][record.pk][self.field_name]
        return serialize_many(LinkSerializer, links)


class RelatedCodeField(serializers.CharField):
    """The public code of a related record; null while that record is not public."""

    def __init__(self, **kwargs):
        kwargs["read_only"] = kwargs["allow_null"] = True
        super().__init__(**kwargs)

    def to_representation(self, record):
        if not isinstance(record, Publishable):
            return record.key
        return record.public_code if record.is_published else None


class CodeField(serializers.ChoiceField):
    """A stored code of a choice; null if the value is empty."""

    def to_representation(self, value):
        return value or None


class LocalizedModelSerializer(serializers.ModelSerializer):
    """Base serializer for models with translated texts.

    Subclasses list fields in ``Meta.fields``; translated fields and many-to-many
    relations to linked models are recognized by name. ``fallback`` maps each text that
    is not in the requested language to its language.
    """

    serializer_choice_field = CodeField
    fallback = serializers.SerializerMethodField(
        help_text="Field → language, for every text shown in another language."
    )

    def build_field(self, field_name, info, model_class, nested_depth):
        if field_name in translated_fields(model_class):
            return LocalizedTextField, {}
        if field_name in {
            f"{name}{_BASIS_SUFFIX}" for name, _code in get_text_bases(model_class)
        }:
            return TextBasisField, {}
        if field_name in {
            relation.name for relation in get_link_relations(model_class)
        }:
            return LinksField, {}
        return super().build_field(field_name, info, model_class, nested_depth)

    def build_standard_field(self, field_name, model_field):
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if issubclass(field_class, CodeField):
            kwargs["allow_null"] = model_field.blank
        return field_class, kwargs

    def get_extra_kwargs(self):
        """Make all fields read-only.

        The schema of writable integer fields would contain the ranges of the database
        and so differ between databases.
        """
        extra = super().get_extra_kwargs()
        return {
            name: {**extra.get(name, {}), "read_only": True}
            for name in self.Meta.fields
        }

    def to_representation(self, record):
        # A nested object has a ``fallback`` of its own; restore the outer one
        # afterwards.
        outer_fallback = self.context.get("fallback")
        self.context["fallback"] = {}
        data = super().to_representation(record)
        data["fallback"] = self.context["fallback"]
        self.context["fallback"] = outer_fallback
        return data

    def get_localized_text(self, name: str, text: LocalizedText) -> str:
        """Return the text of ``text`` and report its fallback language for the field
        ``name``.

        For serializer methods whose text is not a translated model field, such as a
        title formed from facts.
        """
        report_fallback(self.context, name, text)
        return text.text

    def get_fallback(self, record) -> dict[str, str]:
        return {}


class RecordSerializer(LocalizedModelSerializer):
    """Base of every public record: texts, links, sources, languages and times."""

    url = serializers.SerializerMethodField(help_text="Its page, without the host.")
    languages = serializers.SerializerMethodField(
        help_text=(
            "BCP 47 tags of the languages in which a title and a text, or all that the "
            "record has, are written or formed."
        )
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
        sources_and_files = self.context["sources_and_files"][record.pk]
        return serialize_many(SourceSerializer, sources_and_files.sources)

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, record):
        sources_and_files = self.context["sources_and_files"][record.pk]
        return serialize_many(FileSerializer, sources_and_files.files)

    @extend_schema_field(PictureSerializer(many=True))
    def get_illustrations(self, record):
        sources_and_files = self.context["sources_and_files"][record.pk]
        return serialize_many(PictureSerializer, sources_and_files.pictures)

    @extend_schema_field(CorrectionSerializer(many=True))
    def get_corrections(self, record):
        notes = correction_notes(record, self.context["language"])
        return CorrectionSerializer(notes, many=True).data

    def get_url(self, record) -> str:
        return record.get_absolute_url()

    def get_languages(self, record) -> list[str]:
        return [LANGUAGES_BY_CODE[code].tag for code in record.languages]
