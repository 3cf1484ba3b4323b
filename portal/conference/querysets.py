from django.db.models import BooleanField, ExpressionWrapper, F, Q
from modeltranslation.utils import build_localized_fieldname

from portal.languages import LANGUAGES, Language
from portal.translations.querysets import TranslatedQuerySet


class ParagraphQuerySet(TranslatedQuerySet):
    """Paragraphs of documents …"""

    def with_languages(self) -> "ParagraphQuerySet":
        """… each with ``is_in_<code>``: whether it is written in that language."""
        return self.annotate(
            **{
                _flag(language): ExpressionWrapper(
                    Q(**{f"{_column(language)}__gt": ""}), output_field=BooleanField()
                )
                for language in LANGUAGES
            }
        )

    def beside(self, language: Language) -> "ParagraphQuerySet":
        """… each with ``text_beside``, its text in ``language``."""
        return self.annotate(text_beside=F(_column(language)))


def languages_of(paragraphs) -> list[Language]:
    """The languages in which any of ``paragraphs`` (``with_languages``) is written."""
    return [
        language
        for language in LANGUAGES
        if any(getattr(paragraph, _flag(language)) for paragraph in paragraphs)
    ]


def _column(language: Language) -> str:
    return build_localized_fieldname("text", language.code)


def _flag(language: Language) -> str:
    return f"is_in_{language.code.replace('-', '_')}"
