"""Form field for the language of a text that may be in any language."""

from portal.content.form_fields.typed_fields import NonBlankCharField
from portal.core.translations.language_tags import find_language_tag
from portal.core.translations.localized_text import get_active_language


class LanguageTagField(NonBlankCharField):
    """Text field for a language, written as a BCP 47 tag or by its name.

    Its value is the tag in the usual spelling. Another text is returned as it is; the
    validator of the model field rejects it.
    """

    def to_python(self, value):
        text = super().to_python(value)
        return find_language_tag(text, get_active_language()) or text

    def widget_attrs(self, widget):
        """Leave out the maximum length, which is that of a tag: names are longer."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs
