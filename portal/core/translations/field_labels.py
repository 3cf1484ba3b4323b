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
    # These modules need the settings of django-modeltranslation.
    from portal.core.translations.language_names import (  # noqa: PLC0415
        get_language_name,
    )
    from portal.core.translations.localized_text import (  # noqa: PLC0415
        get_active_language,
    )

    return pgettext("label of a field in one language", "%(field)s (%(language)s)") % {
        "field": verbose_name,
        "language": get_language_name(code, get_active_language()),
    }
