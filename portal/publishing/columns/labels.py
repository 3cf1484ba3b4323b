"""Codes by their labels: a clerk writes 检察官 where the record keeps a code."""

from functools import cache

from django.db import models
from django.utils import translation

from portal.publishing.columns.names import folded

# The languages in which staff work.
_LANGUAGES = ("zh-hans", "en")


def code_of(choices: type[models.TextChoices], written: str) -> str:
    """The code that ``written`` is, or is the label of; else ``written`` itself.

    Of a label such as "high: two or more sources agree" the word before the colon
    will do.
    """
    return _codes(choices).get(folded(written), written)


@cache
def _codes(choices: type[models.TextChoices]) -> dict[str, str]:
    found = {}
    for language in _LANGUAGES:
        with translation.override(language):
            for code, label in choices.choices:
                name = folded(str(label))
                found[name] = found[name.partition(":")[0]] = code
    return found | {folded(code): code for code in choices.values}
