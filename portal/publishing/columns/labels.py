"""Codes by their labels: a clerk writes 检察官 where the record keeps a code."""

import re
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


def as_written(choices: type[models.TextChoices]) -> str:
    """All that a cell may say, as a clerk of this desk writes it: at a Chinese one by
    the labels, else by the codes, which are English."""
    if not (translation.get_language() or "").startswith("zh"):
        return ", ".join(choices.values)
    return "、".join(_label(choices, code) for code in choices.values)


def _label(choices: type[models.TextChoices], code: str) -> str:
    """The word for ``code``; the code where two choices are called the same."""
    word = re.split("[:：]", str(choices(code).label))[0].strip()
    return word if code_of(choices, word) == code else code


@cache
def _codes(choices: type[models.TextChoices]) -> dict[str, str]:
    found = {}
    for language in _LANGUAGES:
        with translation.override(language):
            for code, label in choices.choices:
                name = folded(str(label))
                found[name] = found[name.partition(":")[0]] = code
    return found | {folded(code): code for code in choices.values}
