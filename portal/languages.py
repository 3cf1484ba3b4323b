"""The twelve languages of the portal, and the codes by which readers ask for them.

A leaf: it imports nothing of ours, and every room may import it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One language that pages, records and catalogues exist in.

    ``code`` is the prefix in addresses and Django's language code; ``tag`` is the
    BCP 47 tag for ``lang`` and ``hreflang``; ``fallbacks`` are the languages shown,
    in this order, where a text is not written in this one; ``locale`` is CLDR's name.
    ``is_reviewed`` says whether a native speaker has read the interface catalogue.
    """

    code: str
    tag: str
    own_name: str
    name: str
    fallbacks: tuple[str, ...]
    locale: str
    is_reviewed: bool = False


LANGUAGES = (
    Language(
        "zh-hans",
        "zh-Hans",
        "简体中文",
        "Chinese (simplified)",
        ("en",),
        "zh_Hans",
    ),
    Language(
        "zh-hant",
        "zh-Hant",
        "繁體中文",
        "Chinese (traditional)",
        ("zh-hans", "en"),
        # The words of Hong Kong, as the conversion has its characters.
        "zh_Hant_HK",
    ),
    # The source language of the interface: there is no catalogue to review.
    Language("en", "en", "English", "English", ("zh-hans",), "en_GB", True),
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

BY_CODE = {language.code: language for language in LANGUAGES}
DEFAULT = BY_CODE["en"]
# Of a text that a source gives without saying in which language it is.
UNDETERMINED = Language("und", "und", "", "undetermined", (), "en_GB")

# Codes whose language is not their own first part. Any other region, script or case
# variant ("vi-VN", "pt-BR") is found by cutting it from the right.
_ALIASES = {"tl": "fil", "in": "id"}

# Chinese languages (ISO 639-3), each with its likely script (CLDR, likely subtags), for
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
    """Return the language of the portal for a BCP 47 tag, None when it has none.

    Takes the portal's own codes, aliases, and variants in any letter case.
    """
    parts = code.strip().lower().replace("_", "-").split("-")
    if parts[0] in CHINESE_VARIETIES:
        return BY_CODE[f"zh-{_chinese_script(parts)}"]
    while parts:
        joined = "-".join(parts)
        language = BY_CODE.get(_ALIASES.get(joined, joined))
        if language:
            return language
        parts.pop()
    return None


def _chinese_script(parts: list[str]) -> str:
    """The script that the subtags of a Chinese tag name or imply."""
    primary, *subtags = parts
    if "x" in subtags:
        # Private use: any letters may follow.
        del subtags[subtags.index("x") :]
    # An extended language: "zh-yue-HK" is "yue-HK".
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
    """The first language of an ``Accept-Language`` header that the portal has.

    Ranked by quality (RFC 9110 section 12.5.4); a malformed part is passed over.
    """
    ranked = []
    for position, part in enumerate(accept_language[:500].split(",")):
        code, _, parameter = part.partition(";")
        quality = _quality(parameter)
        language = language_for(code) if quality > 0 else None
        if language:
            ranked.append((-quality, position, language))
    return min(ranked, key=lambda row: row[:2])[2] if ranked else None


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
