"""What forms at the desk need: the languages that they are written in."""

from django import template
from modeltranslation.utils import build_localized_fieldname

from portal.languages import LANGUAGES

register = template.Library()


@register.simple_tag
def form_languages() -> list[dict[str, str]]:
    """The languages of a form: ``code`` as columns end in it, ``tag`` and own name."""
    return [
        {
            "code": build_localized_fieldname("", language.code)[1:],
            "tag": language.tag,
            "name": language.own_name,
        }
        for language in LANGUAGES
    ]
