"""Languages to be ticked, each named in itself."""

from django import forms
from django.utils.html import format_html

from portal.languages import language_for


class LanguageBoxes(forms.CheckboxSelectMultiple):
    """Boxes whose values are codes or tags of our languages; each label is marked as of
    its language, so that it is read aloud and drawn as such."""

    def create_option(self, name, value, label, *args, **kwargs):
        language = language_for(str(value))
        if language is not None:
            label = format_html('<span lang="{}">{}</span>', language.tag, label)
        return super().create_option(name, value, label, *args, **kwargs)
