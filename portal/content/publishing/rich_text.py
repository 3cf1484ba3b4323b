"""Model field for texts that may contain headings, lists and links."""

from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.translations.markup import clean_markup


class RichTextField(models.TextField):
    """Text field for plain text or HTML that is sanitized on validation.

    Forms and spreadsheet imports both validate. Migrations treat it as a TextField.
    """

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def clean(self, value, model_instance):
        return clean_markup(super().clean(value, model_instance) or "")

    def formfield(self, **kwargs):
        help_text = _(
            "Leave a blank line between paragraphs. You can also use "
            "these HTML elements: p, br, h2, h3, ul, ol, li, a, "
            "strong, em, blockquote. Other elements are removed."
        )
        return super().formfield(**{"help_text": help_text, **kwargs})


def clean_cell_value(model: type[models.Model], name: str, value):
    """Return ``value`` of a spreadsheet cell as the field ``name`` of ``model`` would
    store it.

    HTML is sanitized if the field is a RichTextField; other values are returned
    unchanged.
    """
    if isinstance(value, str) and name in _get_rich_text_fields(model):
        return clean_markup(value)
    return value


@cache
def _get_rich_text_fields(model: type[models.Model]) -> frozenset[str]:
    fields = model._meta.fields
    return frozenset(field.name for field in fields if isinstance(field, RichTextField))
