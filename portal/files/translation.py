from modeltranslation.translator import TranslationOptions, register

from portal.files.models import Picture


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ("alternative", "caption")
