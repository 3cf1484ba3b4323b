"""Template tags for forms of the staff admin."""

from django import template
from modeltranslation.utils import build_localized_fieldname

from portal.core.languages import LANGUAGES

register = template.Library()


@register.simple_tag
def form_languages() -> list[dict[str, str]]:
    """Return ``code`` (column suffix), ``tag`` and native name of each language."""
    return [
        {
            "code": build_localized_fieldname("", language.code)[1:],
            "tag": language.tag,
            "name": language.native_name,
        }
        for language in LANGUAGES
    ]
