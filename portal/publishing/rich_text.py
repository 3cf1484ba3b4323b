"""Texts in which a record may have headings, lists and links."""

from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.translations.markup import clean_markup


class RichTextField(models.TextField):
    """Plain text, or HTML that is cleaned whenever a form or a spreadsheet brings it.

    To migrations and databases it is a text field.
    """

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def clean(self, value, model_instance):
        return clean_markup(super().clean(value, model_instance) or "")

    def formfield(self, **kwargs):
        told = _(
            "A blank line parts paragraphs. Or HTML of these elements: p, br, h2, h3, "
            "ul, ol, li, a, strong, em, blockquote; others are taken out."
        )
        return super().formfield(**{"help_text": told, **kwargs})


def as_kept(model: type[models.Model], name: str, value):
    """``value`` of a cell as the field ``name`` of ``model`` will hold it."""
    if isinstance(value, str) and name in _rich_fields(model):
        return clean_markup(value)
    return value


@cache
def _rich_fields(model: type[models.Model]) -> frozenset[str]:
    fields = model._meta.fields
    return frozenset(one.name for one in fields if isinstance(one, RichTextField))
