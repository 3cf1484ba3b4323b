from modeltranslation.translator import TranslationOptions, register

from portal.content.figures.models import ReportedFigure


@register(ReportedFigure)
class ReportedFigureTranslation(TranslationOptions):
    fields = ("text", "remark")
