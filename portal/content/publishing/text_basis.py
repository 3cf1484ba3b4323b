"""Origins of titles, names and themes: official, seen, formed, translated, descriptive.

A model declares in ``text_bases`` which of its texts have an origin.
"""

from django.db import models

from portal.content.publishing.choices import TextBasis
from portal.core.translations.localized_text import LocalizedText


def text_basis_field(verbose_name: str) -> models.CharField:
    """Build the field with the origin of one text in one language."""
    # db_default: processes of the previous release insert rows during an upgrade.
    return models.CharField(
        verbose_name,
        max_length=11,
        choices=TextBasis,
        blank=True,
        default="",
        db_default="",
    )


def get_text_bases(model: type[models.Model]) -> dict[tuple[str, str], str]:
    """Return the origin fields of ``model``, by text field and language code."""
    return getattr(model, "text_bases", {})


def get_text_basis(record: models.Model, name: str, text: LocalizedText | None) -> str:
    """Return the origin of ``text``, which is the field ``name`` of ``record``.

    A text converted to traditional characters has the origin of the simplified one.
    Returns "" if the origin is not known or the text is None.
    """
    if not text:
        return ""
    code = "zh-hans" if text.is_converted else text.language.code
    basis_field = get_text_bases(type(record)).get((name, code))
    return getattr(record, basis_field) if basis_field else ""
