"""Lists of names and of headings in the twelve languages, by CLDR."""

from collections.abc import Sequence

from babel.lists import format_list

from portal.core.languages import Language
from portal.core.translations.locales import get_cldr_locale

# CLDR 48 has no conjunction in a Lao list of three, and a hyphen in a Burmese one.
# Patterns of two names in the middle and at the end of a list.
_CORRECTED_PATTERNS = {
    "lo": ("{0}, {1}", "{0} ແລະ {1}"),
    "my": ("{0}၊ {1}", "{0}နှင့် {1}"),
}
# Separators of a list without a conjunction.
_SEPARATORS = {
    "zh-hans": "、",
    "zh-hant": "、",
    "th": ", ",
    "lo": ", ",
    "km": ", ",
    "my": "၊ ",
}
_DEFAULT_SEPARATOR = "; "
_DETAIL_SEPARATORS = {"zh-hans": "，", "zh-hant": "，", "th": " ", "my": "၊ "}
# Conjunctions that Chinese names contain.
_CHINESE_CONJUNCTIONS = ("和", "与", "與", "及")


def join_names(names: Sequence[str], language: Language) -> str:
    """Return names as a list in words: ``China, Laos and Viet Nam``."""
    if language.code == "th" and len(names) == 2 and names[0].endswith(")"):
        # CLDR puts no space between two Thai names; after a bracket there is one.
        return f"{names[0]} และ{names[1]}"
    if language.code not in _CORRECTED_PATTERNS or len(names) < 2:
        return format_list(names, locale=get_cldr_locale(language))
    middle, end = _CORRECTED_PATTERNS[language.code]
    text, *others, last = names
    for name in others:
        text = middle.format(text, name)
    return end.format(text, last)


def join_headings(headings: Sequence[str], language: Language) -> str:
    """Return headings, such as names of topics, as a list.

    Headings that begin with a capital, or contain a conjunction or comma themselves,
    are only separated: ``Rule of law; Arbitration and mediation``. Others are joined
    like names: ``法治和司法合作``.
    """
    words = _get_ambiguous_words(language)
    if any(heading[:1].isupper() for heading in headings[1:]) or any(
        word in heading for heading in headings for word in words
    ):
        return _SEPARATORS.get(language.code, _DEFAULT_SEPARATOR).join(headings)
    return join_names(headings, language)


def _get_ambiguous_words(language: Language) -> tuple[str, ...]:
    """Return the texts that make a joined list ambiguous if a heading has them."""
    if language.locale.startswith("zh"):
        return _CHINESE_CONJUNCTIONS
    _middle, end = _CORRECTED_PATTERNS.get(
        language.code, ("", get_cldr_locale(language).list_patterns["standard"]["2"])
    )
    # CLDR's Khmer conjunction ends with a zero width space.
    conjunction = end.replace("{0}", "").replace("{1}", "").rstrip("\u200b")
    return (conjunction, ",", "၊")


def join_details(details: Sequence[str], language: Language) -> str:
    """Return details in brackets after a title as a list: ``Nanning, May 2019``."""
    return _DETAIL_SEPARATORS.get(language.code, ", ").join(details)
