"""Sentences that say which displayed titles, names and themes are not official."""

from django.utils.translation import gettext as _

from portal.content.publishing.choices import TextBasis
from portal.content.publishing.models import Publishable
from portal.content.publishing.text_basis import get_text_basis
from portal.core.languages import Language
from portal.core.translations.localized_text import localized


def describe_text_origins(record: Publishable, language: Language) -> list[str]:
    """Return a sentence for each text of the page that the office worded itself.

    Only texts in ``language``, the language of the page, are considered; the sentences
    are in the active language.
    """
    sentences = []
    for name in dict.fromkeys(name for name, _code in record.text_bases):
        text = localized(record, name, language)
        if text and not text.is_fallback:
            sentences.append(_describe(name, get_text_basis(record, name, text)))
    return [sentence for sentence in sentences if sentence]


def _describe(name: str, basis: str) -> str:
    if basis not in (TextBasis.FORMED, TextBasis.TRANSLATED, TextBasis.DESCRIPTIVE):
        return ""
    if name == "theme":
        return _(
            "The theme was translated for this website and is not official wording."
        )
    if basis == TextBasis.FORMED:
        return _("The title or name was worded for this website and is not official.")
    if basis == TextBasis.TRANSLATED:
        return _(
            "The title or name was translated for this website and is not official."
        )
    return _(
        "There is no known official title or name. The one shown is a description."
    )
