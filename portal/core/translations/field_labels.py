"""Labels of translated fields, which name the language of the text.

Imported by the settings: this module imports nothing that needs them.
"""

from django.utils.translation import pgettext


def build_field_label(verbose_name: str, code: str) -> str:
    """Return the label of a text in one language, in the language of the reader.

    ``code`` is the code of the language of the text: ``Title (Simplified Chinese)``.
    """
    # django-modeltranslation labels columns in Indonesian by another code.
    code = {"ind": "id"}.get(code, code)
    from portal.core.translations import (  # noqa: PLC0415 needs modeltranslation's settings
        language_names,
        localized_text,
    )

    return pgettext("label of a field in one language", "%(field)s (%(language)s)") % {
        "field": verbose_name,
        "language": language_names.get_language_name(
            code, localized_text.get_active_language()
        ),
    }
