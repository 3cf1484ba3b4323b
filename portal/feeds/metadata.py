"""What a page says about itself in its head: other languages, a title to share."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.languages import BY_CODE, LANGUAGES, Language
from portal.translations.weeks import territory

# What a reader of none of the twelve languages is given, as far as it exists.
_FIRST_FOR_OTHERS = ("en", "zh-hans")


@dataclass(frozen=True)
class Alternate:
    """The same page in another language; ``hreflang`` may be ``x-default``."""

    hreflang: str
    path: str


def alternates(path: str, codes: Iterable[str]) -> list[Alternate]:
    """The page behind ``/<lang>/`` in each of the languages ``codes``, with x-default.

    None for a record that is written in no language.
    """
    known = set(codes)
    found = [
        Alternate(language.tag, f"/{language.code}/{path}")
        for language in LANGUAGES
        if language.code in known
    ]
    first = first_for_others(known)
    return [*found, Alternate("x-default", f"/{first}/{path}")] if first else []


def first_for_others(codes: Iterable[str]) -> str:
    """The code of the language for readers of none of ours; "" where there is none."""
    known = set(codes)
    in_order = (*_FIRST_FOR_OTHERS, *BY_CODE)
    return next((code for code in in_order if code in known), "")


def open_graph_locale(language: Language) -> str:
    """``th_TH``, ``zh_CN``: Open Graph knows no scripts."""
    return f"{language.locale.partition('_')[0]}_{territory(language)}"
