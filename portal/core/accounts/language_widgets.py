"""Form widget for choosing languages."""

from django import forms
from django.utils.html import format_html

from portal.core.languages import language_for


class LanguageCheckboxSelectMultiple(forms.CheckboxSelectMultiple):
    """Checkboxes for languages, with a ``lang`` attribute on each label.

    The attribute selects the right voice of screen readers and the right fonts. The
    values of the choices are language codes or BCP 47 tags of the portal's languages.
    """

    def create_option(self, name, value, label, *args, **kwargs):
        language = language_for(str(value))
        if language is not None:
            label = format_html('<span lang="{}">{}</span>', language.tag, label)
        return super().create_option(name, value, label, *args, **kwargs)
