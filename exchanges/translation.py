from modeltranslation.translator import TranslationOptions, register

from exchanges.models import AgendaItem, AgreedAction, Mechanism, Meeting


@register(Mechanism)
class MechanismTranslation(TranslationOptions):
    fields = ("name", "remark")


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("title", "outcome", "remark")


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    fields = ("text",)


@register(AgreedAction)
class AgreedActionTranslation(TranslationOptions):
    fields = ("text",)
