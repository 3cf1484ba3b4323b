"""Build the font of the language switcher, a subset with the names of the languages.

Usage: python deploy/language_names_font.py NotoSansTC_400Regular.ttf

Needs fonttools and brotli (pip install "fonttools[woff]"); fonttools is not a
dependency of the portal. The argument is the regular font of the npm package
@expo-google-fonts/noto-sans-tc; the fonts of other scripts are those that the portal
uses for PDFs. The names are those in LANGUAGES. See docs/languages.md, "Fonts".
"""

import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "portal" / "website" / "printing" / "fonts"
TARGET = ROOT / "portal/static/vendor/fonts/noto-sans-language-names-400.woff2"
FAMILY = "Noto Sans Language Names"
# Font file by language code; all other languages use Latin letters.
SOURCES = {
    "zh-hans": "NotoSansSC-Regular.ttf",
    "th": "NotoSansThai-Regular.ttf",
    "lo": "NotoSansLao-Regular.ttf",
    "km": "NotoSansKhmer-Regular.ttf",
    "my": "NotoSansMyanmar-Regular.ttf",
}
LATIN = "NotoSans-Regular.ttf"
# Ascent and descent of Noto Sans, so that all names share the baseline of the text
# around them.
ASCENT, DESCENT = 1069, -293
USE_TYPO_METRICS = 1 << 7
# 2025-01-01 in seconds since 1904; a fixed date makes the build reproducible.
TIMESTAMP = 3818534400
COPYRIGHT, LICENCE, LICENCE_ADDRESS = 0, 13, 14
# Languages whose scripts need layout features to place vowels and subscripts.
COMPLEX_SCRIPTS = ("th", "lo", "km", "my")


def main(traditional_font):
    sys.path.insert(0, str(ROOT))
    from portal.core.languages import LANGUAGES  # noqa: PLC0415 needs the path set above

    letters = group_letters_by_font(LANGUAGES, Path(traditional_font))
    with tempfile.TemporaryDirectory() as folder:
        parts, copyrights = [], {}
        for index, (path, text) in enumerate(letters.items()):
            part = Path(folder) / f"{index}.ttf"
            is_shaped = path.name in {SOURCES[code] for code in COMPLEX_SCRIPTS}
            font = subset_font(path, text, is_shaped=is_shaped)
            copyrights[font["name"].getDebugName(COPYRIGHT)] = None
            font.save(part)
            parts.append(str(part))
        options = MergeOptions()
        options.drop_tables = ["vhea", "vmtx", "STAT", "meta", "DSIG"]
        font = Merger(options).merge(parts)
    write_font(font, "; ".join(copyrights))
    characters = sorted({ord(c) for text in letters.values() for c in text})
    print("unicode-range:", format_unicode_range(characters))
    print(TARGET.stat().st_size, "bytes")


def group_letters_by_font(languages, traditional_font):
    """Return the characters to include, by font path; each character is in one font.

    ``traditional_font`` is the path of the font for traditional Chinese.
    """
    letters, included = {}, set()
    for language in languages:
        path = FONTS / SOURCES.get(language.code, LATIN)
        if language.code == "zh-hant":
            path = traditional_font
        new_letters = [
            c for c in dict.fromkeys(language.native_name) if c not in included
        ]
        included.update(new_letters)
        letters[path] = letters.get(path, "") + "".join(new_letters)
    return letters


def subset_font(path, text, *, is_shaped):
    """Return the font at ``path`` reduced to the characters of ``text``.

    ``is_shaped``: keep the layout features.
    """
    options = subset.Options()
    options.layout_features = ["*"] if is_shaped else []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    font = TTFont(path)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    return font


def write_font(font, copyright_notice):
    """Set names and metrics of ``font`` and write it to TARGET as WOFF2."""
    names = font["name"]
    values = {
        COPYRIGHT: copyright_notice,
        1: FAMILY,
        2: "Regular",
        4: FAMILY,
        6: FAMILY.replace(" ", ""),
        LICENCE: names.getDebugName(LICENCE),
        LICENCE_ADDRESS: names.getDebugName(LICENCE_ADDRESS),
    }
    names.names = []
    for number, value in values.items():
        names.setName(value, number, 3, 1, 0x409)
    font["hhea"].ascent = font["OS/2"].sTypoAscender = ASCENT
    font["hhea"].descent = font["OS/2"].sTypoDescender = DESCENT
    font["hhea"].lineGap = font["OS/2"].sTypoLineGap = 0
    font["OS/2"].fsSelection |= USE_TYPO_METRICS
    font["OS/2"].version = max(font["OS/2"].version, 4)
    font["head"].created = font["head"].modified = TIMESTAMP
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(TARGET)


def format_unicode_range(characters):
    """Return the value of the CSS descriptor unicode-range for code points."""
    ranges = []
    for number in characters:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(
        f"U+{first:04X}" if first == last else f"U+{first:04X}-{last:04X}"
        for first, last in ranges
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
