from modeltranslation.translator import TranslationOptions, register

from seminars.models import Material, Seminar, Session


@register(Seminar)
class SeminarTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "subjects", "venue", "remark")


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("title", "speaker_office")


@register(Material)
class MaterialTranslation(TranslationOptions):
    fields = ("title",)
