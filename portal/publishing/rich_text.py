"""Texts in which a record may have headings, lists and links."""

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
    field = next((one for one in model._meta.fields if one.name == name), None)
    is_rich = isinstance(field, RichTextField) and isinstance(value, str)
    return clean_markup(value) if is_rich else value
