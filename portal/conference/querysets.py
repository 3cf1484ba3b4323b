from django.db.models import BooleanField, ExpressionWrapper, F, Q, Subquery
from modeltranslation.utils import build_localized_fieldname

from portal.conference.choices import TREATY_KINDS
from portal.content.publishing.querysets import PublishableQuerySet
from portal.core.languages import LANGUAGES, Language
from portal.core.translations.querysets import TranslatedQuerySet


class EditionQuerySet(PublishableQuerySet):
    """Queryset of editions of the Conference."""

    def adjacent_to(self, number: int) -> "EditionQuerySet":
        """Filter to the editions directly before and after ``number`` in this queryset.

        Numbers without an edition are skipped. At most two rows.
        """
        before = self.filter(number__lt=number).order_by("-number")
        after = self.filter(number__gt=number).order_by("number")
        return self.filter(
            Q(number=Subquery(before.values("number")[:1]))
            | Q(number=Subquery(after.values("number")[:1]))
        )


class DocumentQuerySet(PublishableQuerySet):
    """Queryset of documents."""

    def treaties(self) -> "DocumentQuerySet":
        """Filter to treaties, agreements and memoranda, which have parties."""
        return self.filter(document_kind__in=TREATY_KINDS)

    def newest_first(self) -> "DocumentQuerySet":
        """Order by date of signing, the newest first and those without a date last."""
        return self.order_by("-sort_on", "-code")


class ParagraphQuerySet(TranslatedQuerySet):
    """Queryset of paragraphs of documents."""

    def with_language_flags(self) -> "ParagraphQuerySet":
        """Annotate a boolean ``is_in_<code>`` per language: the paragraph has text."""
        return self.annotate(
            **{
                _language_flag_name(language): ExpressionWrapper(
                    Q(**{f"{_text_field_name(language)}__gt": ""}),
                    output_field=BooleanField(),
                )
                for language in LANGUAGES
            }
        )

    def with_second_language_text(self, language: Language) -> "ParagraphQuerySet":
        """Annotate ``second_language_text``, the paragraph's text in ``language``."""
        return self.annotate(second_language_text=F(_text_field_name(language)))


def get_written_languages(paragraphs) -> list[Language]:
    """Return the languages in which at least one of ``paragraphs`` has text.

    The paragraphs must be annotated by ``with_language_flags()``.
    """
    return [
        language
        for language in LANGUAGES
        if any(
            getattr(paragraph, _language_flag_name(language))
            for paragraph in paragraphs
        )
    ]


def _text_field_name(language: Language) -> str:
    return build_localized_fieldname("text", language.code)


def _language_flag_name(language: Language) -> str:
    return f"is_in_{language.code.replace('-', '_')}"
