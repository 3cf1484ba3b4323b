from modeltranslation.translator import TranslationOptions, register

from portal.reference.directory.models import Country, NamedParty, Organ, Place, Topic


@register(Country)
class CountryTranslation(TranslationOptions):
    fields = ("name", "prosecution_system", "remark")


@register(Organ)
class OrganTranslation(TranslationOptions):
    fields = ("name", "remark")


@register(Place)
class PlaceTranslation(TranslationOptions):
    fields = ("name",)


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("name",)


@register(NamedParty)
class NamedPartyTranslation(TranslationOptions):
    fields = ("display_name",)
