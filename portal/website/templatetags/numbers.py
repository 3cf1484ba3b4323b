"""Template filters for numbers, file sizes and names of languages."""

from dataclasses import replace

from django import template
from django.utils.html import format_html

from portal.content.catalogue.querysets import COUNT_LIMIT
from portal.core.languages import Language
from portal.core.translations.language_names import (
    get_language_name as name_of_language,
)
from portal.core.translations.language_names import get_spoken_language_name
from portal.core.translations.localized_text import LocalizedText, get_active_language
from portal.core.translations.numbers import format_file_size, format_number

register = template.Library()


@register.filter
def number(value: int | float) -> str:
    """Format a number in the page's language: ``12,345``."""
    return format_number(value, get_active_language())


@register.filter
def capped_number(value: int) -> str:
    """Format a capped count: ``1,000+`` if it exceeds ``COUNT_LIMIT`` (1,000)."""
    capped = number(min(value, COUNT_LIMIT))
    return f"{capped}+" if value > COUNT_LIMIT else capped


@register.filter
def file_size(value: int) -> str:
    """Format a size in bytes in the page's language: ``3.4 MB``."""
    return format_file_size(value, get_active_language())


@register.simple_tag
def language_name(code: str):
    """Return the name of a language in a ``span`` with the language of that name.

    The name is in the interface's language where a translation exists.
    """
    return _mark_name(_language_name(code))


@register.simple_tag
def spoken_language_name(code: str):
    """Return the name of a language, as ``language_name`` does, without the script."""
    return _mark_name(get_spoken_language_name(code, get_active_language()))


@register.simple_tag
def other_language_name(tag: str):
    """Return the name of a language as ``language_name`` does.

    "" if ``tag`` is "" or means the language of the page.
    """
    page_language = get_active_language()
    if not tag or _language_name(tag) == _language_name(page_language.code):
        return ""
    return language_name(tag)


@register.filter
def language_display_name(language: Language) -> LocalizedText:
    """Return the name of ``language`` as a LocalizedText, for use within a sentence.

    CLDR's Vietnamese names begin with a capital, for lists: "Tiếng Anh". Within a
    sentence they have none.
    """
    name = _language_name(language.code)
    if name.language.code == "vi":
        return replace(name, text=name.text[:1].lower() + name.text[1:])
    return name


def _mark_name(name: LocalizedText):
    return format_html('<span lang="{}">{}</span>', name.tag, name.text)


def _language_name(code: str) -> LocalizedText:
    return name_of_language(code, get_active_language())
