from modeltranslation.translator import TranslationOptions, register

from portal.conference.models import (
    Article,
    Document,
    Edition,
    EditionDelegation,
    Page,
    Paragraph,
)


@register(Edition)
class EditionTranslation(TranslationOptions):
    fields = ("title", "theme", "summary", "remark")


@register(EditionDelegation)
class EditionDelegationTranslation(TranslationOptions):
    fields = ("head_office",)


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title", "remark")


@register(Paragraph)
class ParagraphTranslation(TranslationOptions):
    fields = ("text",)


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "remark")


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "body", "remark")
