from modeltranslation.translator import TranslationOptions, register

from delegations.models import Member, Stop, Visit


@register(Visit)
class VisitTranslation(TranslationOptions):
    fields = ("title", "summary", "purpose", "outcome", "remark")


@register(Stop)
class StopTranslation(TranslationOptions):
    fields = ("activity",)


@register(Member)
class MemberTranslation(TranslationOptions):
    fields = ("office",)
