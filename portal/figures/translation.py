from modeltranslation.translator import TranslationOptions, register

from portal.figures.models import ReportedFigure


@register(ReportedFigure)
class ReportedFigureTranslation(TranslationOptions):
    fields = ("text", "remark")
