"""Numbers, sizes and names of languages, as the page's language writes them."""

from django import template
from django.utils.html import format_html

from portal.catalogue.querysets import MOST_COUNTED
from portal.languages import Language
from portal.translations.names import language_name as name_of_language
from portal.translations.numbers import number_in_words, size_in_words
from portal.translations.shown import Shown, reader_language

register = template.Library()


@register.filter
def number(value: int | float) -> str:
    """``12,345`` in the page's language."""
    return number_in_words(value, reader_language())


@register.filter
def counted(value: int) -> str:
    """A capped count: ``1,000+`` for any number that nobody counted further."""
    most = number(min(value, MOST_COUNTED))
    return f"{most}+" if value > MOST_COUNTED else most


@register.filter
def file_size(value: int) -> str:
    """``3.4 MB`` in the page's language."""
    return size_in_words(value, reader_language())


@register.simple_tag
def language_name(code: str):
    """The name of a language in the interface's language, marked if it is not in it."""
    name = _named(code)
    return format_html('<span lang="{}">{}</span>', name.tag, name.text)


@register.filter
def named(language: Language) -> Shown:
    """The name of ``language`` for a sentence of the interface."""
    return _named(language.code)


def _named(code: str) -> Shown:
    return name_of_language(code, reader_language())
