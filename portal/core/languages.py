"""The twelve languages of the portal, and the lookup of language tags.

This module imports no other module of the project, so every app may import it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """Language of the interface and of records.

    ``code`` is the URL prefix and Django's language code; ``tag`` is the BCP 47 tag for
    ``lang`` and ``hreflang``; ``native_name`` is the name in the language itself;
    ``fallbacks`` are the languages shown, in this order, if a text is missing in this
    one; ``locale`` is the CLDR locale. ``is_edited``: the interface was edited for
    publication, so its pages do not say that it is a draft. ``is_reviewed``: a native
    speaker of an office has reviewed it.
    """

    code: str
    tag: str
    native_name: str
    name: str
    fallbacks: tuple[str, ...]
    locale: str
    is_edited: bool = False
    is_reviewed: bool = False


LANGUAGES = (
    Language(
        "zh-hans",
        "zh-Hans",
        "简体中文",
        "Chinese (simplified)",
        ("en",),
        "zh_Hans",
        is_edited=True,
    ),
    Language(
        "zh-hant",
        "zh-Hant",
        "繁體中文",
        "Chinese (traditional)",
        ("zh-hans", "en"),
        # Hong Kong, as in the conversion of characters (s2hk).
        "zh_Hant_HK",
        is_edited=True,
    ),
    # The source language of the interface: the messages in the code are reviewed.
    Language(
        "en",
        "en",
        "English",
        "English",
        ("zh-hans",),
        "en_GB",
        is_edited=True,
    ),
    Language("vi", "vi", "Tiếng Việt", "Vietnamese", ("en", "zh-hans"), "vi"),
    Language("th", "th", "ไทย", "Thai", ("en", "zh-hans"), "th"),
    Language("lo", "lo", "ລາວ", "Lao", ("en", "zh-hans"), "lo"),
    Language("km", "km", "ខ្មែរ", "Khmer", ("en", "zh-hans"), "km"),
    Language("my", "my", "မြန်မာ", "Burmese", ("en", "zh-hans"), "my"),
    Language("id", "id", "Bahasa Indonesia", "Indonesian", ("en", "zh-hans"), "id"),
    Language("ms", "ms", "Bahasa Melayu", "Malay", ("en", "zh-hans"), "ms"),
    Language("fil", "fil", "Filipino", "Filipino", ("en", "zh-hans"), "fil"),
    Language("pt", "pt", "Português", "Portuguese", ("en", "zh-hans"), "pt_PT"),
)

LANGUAGES_BY_CODE = {language.code: language for language in LANGUAGES}
DEFAULT_LANGUAGE = LANGUAGES_BY_CODE["en"]
# For texts of sources whose language is not known.
UNDETERMINED_LANGUAGE = Language("und", "und", "", "undetermined", (), "en_GB")

# Codes that differ from the portal's code for the language. Variants with a region or
# script ("vi-VN", "pt-BR") need no alias: subtags are removed from the right.
_ALIASES = {"tl": "fil", "in": "id"}

# Chinese languages (ISO 639-3) with their likely script (CLDR, likely subtags), for
# tags that name neither script nor region.
CHINESE_VARIETIES = {
    "zh": "hans",
    "cmn": "hans",
    "gan": "hans",
    "hak": "hans",
    "hsn": "hans",
    "nan": "hans",
    "wuu": "hans",
    "yue": "hant",
}
_SCRIPT_OF_REGION = {
    "cn": "hans",
    "my": "hans",
    "sg": "hans",
    "hk": "hant",
    "mo": "hant",
    "tw": "hant",
}


def language_for(code: str) -> Language | None:
    """Return the portal's language for a BCP 47 tag, or None.

    Accepts the portal's own codes, aliases and variants, in any letter case.
    """
    parts = code.strip().lower().replace("_", "-").split("-")
    if parts[0] in CHINESE_VARIETIES:
        return LANGUAGES_BY_CODE[f"zh-{_get_chinese_script(parts)}"]
    while parts:
        joined = "-".join(parts)
        language = LANGUAGES_BY_CODE.get(_ALIASES.get(joined, joined))
        if language:
            return language
        parts.pop()
    return None


def _get_chinese_script(parts: list[str]) -> str:
    """Return ``hans`` or ``hant`` as a Chinese tag, split into subtags, implies it."""
    primary, *subtags = parts
    if "x" in subtags:
        # Private use subtags may contain any letters.
        del subtags[subtags.index("x") :]
    # Extended language subtag: "zh-yue-HK" is "yue-HK".
    if subtags and subtags[0] in CHINESE_VARIETIES:
        primary = subtags[0]
    for subtag in subtags:
        if subtag in ("hans", "hant"):
            return subtag
    for subtag in subtags:
        if subtag in _SCRIPT_OF_REGION:
            return _SCRIPT_OF_REGION[subtag]
    return CHINESE_VARIETIES[primary]


def preferred_language(accept_language: str) -> Language | None:
    """Return the portal's language that an ``Accept-Language`` header prefers, or None.

    Languages are ranked by quality (RFC 9110 section 12.5.4). Malformed parts are
    ignored.
    """
    ranked = []
    for position, part in enumerate(accept_language[:500].split(",")):
        code, _, parameter = part.partition(";")
        quality = _parse_quality(parameter)
        language = language_for(code) if quality > 0 else None
        if language:
            ranked.append((-quality, position, language))
    return min(ranked, key=lambda row: row[:2])[2] if ranked else None


def _parse_quality(parameter: str) -> float:
    """Return the quality in a ``q=`` parameter: 1 if it is empty, 0 if malformed."""
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
