from modeltranslation.translator import TranslationOptions, register

from portal.core.files.models import Picture


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ("alternative", "caption")
