"""In which language the interface really is, for a reader of each language.

``compile_catalogues`` leaves a catalogue that is not complete empty, so the interface
is wholly in the reader's language or wholly in English, never half in each.
"""

from functools import cache

from django.utils import translation

from portal.languages import DEFAULT, Language

_SENTINEL = "Skip to the main content"


@cache
def interface_language(language: Language) -> Language:
    """``language`` when its catalogue is complete, else English."""
    with translation.override(language.code):
        is_complete = translation.gettext(_SENTINEL) != _SENTINEL
    return language if is_complete else DEFAULT
