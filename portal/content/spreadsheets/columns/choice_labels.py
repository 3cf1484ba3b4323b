"""Conversion of choice labels into the stored codes, such as 检察官 into its code."""

import csv
import re
from functools import cache
from pathlib import Path

from django.db import models
from django.utils import translation

from portal.content.spreadsheets.columns.name_index import fold_name

# Languages of the staff admin; labels are accepted in both.
_STAFF_LANGUAGES = ("zh-hans", "en")
# Labels in lists exported by earlier releases, by the class of the choices.
FORMER_LABELS_FILE = Path(__file__).with_name("former_labels.csv")


def parse_choice(choices: type[models.TextChoices], text: str) -> str:
    """Return the code for a code or label; other text is returned unchanged.

    Of a label such as "high: two or more sources agree" the part before the colon is
    enough. Labels of earlier releases are accepted, because the offices keep their
    exported lists.
    """
    return _codes(choices).get(fold_name(text), text)


def describe_choices(choices: type[models.TextChoices]) -> str:
    """Return the accepted values of ``choices`` as text for an error message."""
    is_chinese = (translation.get_language() or "").startswith("zh")
    return ("、" if is_chinese else ", ").join(list_choices(choices))


def list_choices(choices: type[models.TextChoices]) -> list[str]:
    """Return the accepted values of ``choices``.

    These are the Chinese labels if the active language is Chinese, the English codes
    otherwise.
    """
    if not (translation.get_language() or "").startswith("zh"):
        return list(choices.values)
    return [_label(choices, code) for code in choices.values]


def _label(choices: type[models.TextChoices], code: str) -> str:
    """Return the label of ``code`` up to its colon, or an ambiguous label's code."""
    short_label = re.split("[:：]", str(choices(code).label))[0].strip()
    return short_label if parse_choice(choices, short_label) == code else code


@cache
def _codes(choices: type[models.TextChoices]) -> dict[str, str]:
    """Return the codes of ``choices`` by normalised label and code."""
    codes = _read_former_labels(choices.__name__)
    for language in _STAFF_LANGUAGES:
        with translation.override(language):
            for code, label in choices.choices:
                name = fold_name(str(label))
                codes[name] = codes[name.partition(":")[0]] = code
    return codes | {fold_name(code): code for code in choices.values}


def _read_former_labels(name: str) -> dict[str, str]:
    with FORMER_LABELS_FILE.open(encoding="utf-8", newline="") as file:
        return {
            fold_name(row["label"]): row["code"]
            for row in csv.DictReader(file)
            if row["choices"] == name
        }
