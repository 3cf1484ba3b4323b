"""Languages by name, as CLDR has them in the reader's language."""

from functools import cache

from portal.languages import CHINESE_VARIETIES, DEFAULT, Language, language_for
from portal.translations.locales import cldr
from portal.translations.shown import Shown


@cache
def language_name(code: str, reader: Language) -> Shown:
    """The name of the language ``code`` (any BCP 47 tag) for ``reader``.

    Where CLDR has none in the reader's language it is the English name, else the code
    itself; its ``language`` says which it is.
    """
    primary = code.partition("-")[0].lower()
    # "yue" is shown in one of our languages, but its name is not that language's.
    is_variety = primary in CHINESE_VARIETIES and primary != "zh"
    known = None if is_variety else language_for(code)
    asked = known.tag if known else code
    for language in (reader, DEFAULT):
        names = cldr(language).languages
        name = names.get(asked.replace("-", "_")) or names.get(asked.partition("-")[0])
        if name:
            return Shown(name, language)
    return Shown(code, DEFAULT)
