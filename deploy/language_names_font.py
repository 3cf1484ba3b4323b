"""Make the font of the language switch: a subset with the names of the languages.

Usage: python deploy/language_names_font.py NotoSansTC_400Regular.ttf

Needs fonttools and brotli (pip install "fonttools[woff]"), which the portal does not.
The argument is the regular font of the npm package @expo-google-fonts/noto-sans-tc; all
other scripts come from portal/printing/fonts/. The names are those of
portal/languages.py. See docs/languages.md, "Fonts".
"""

import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "portal" / "printing" / "fonts"
TARGET = ROOT / "portal/static/vendor/fonts/noto-sans-language-names-400.woff2"
FAMILY = "Noto Sans Language Names"
# By language code; every other language is written in Latin letters.
SOURCES = {
    "zh-hans": "NotoSansSC-Regular.ttf",
    "th": "NotoSansThai-Regular.ttf",
    "lo": "NotoSansLao-Regular.ttf",
    "km": "NotoSansKhmer-Regular.ttf",
    "my": "NotoSansMyanmar-Regular.ttf",
}
LATIN = "NotoSans-Regular.ttf"
# The line of Noto Sans, so that all names have one baseline, that of the text around.
ASCENT, DESCENT = 1069, -293
USE_TYPO_METRICS = 1 << 7
# 2025-01-01 in seconds since 1904: the same sources make the same file.
MADE = 3818534400
COPYRIGHT, LICENCE, LICENCE_ADDRESS = 0, 13, 14
# Only these scripts are shaped: vowels and subscripts find their place by rules.
SHAPED = ("th", "lo", "km", "my")


def main(traditional):
    sys.path.insert(0, str(ROOT))
    from portal.languages import LANGUAGES  # noqa: PLC0415 found by the line above

    letters = letters_by_font(LANGUAGES, Path(traditional))
    with tempfile.TemporaryDirectory() as folder:
        parts, copyrights = [], {}
        for number, (path, text) in enumerate(letters.items()):
            part = Path(folder) / f"{number}.ttf"
            is_shaped = path.name in {SOURCES[code] for code in SHAPED}
            font = cut(path, text, is_shaped=is_shaped)
            copyrights[font["name"].getDebugName(COPYRIGHT)] = None
            font.save(part)
            parts.append(str(part))
        options = MergeOptions()
        options.drop_tables = ["vhea", "vmtx", "STAT", "meta", "DSIG"]
        font = Merger(options).merge(parts)
    write(font, "; ".join(copyrights))
    characters = sorted({ord(c) for text in letters.values() for c in text})
    print("unicode-range:", unicode_range(characters))
    print(TARGET.stat().st_size, "bytes")


def letters_by_font(languages, traditional):
    """The characters to take, by the path of the font; each from one font only."""
    letters, taken = {}, set()
    for one in languages:
        path = FONTS / SOURCES.get(one.code, LATIN)
        if one.code == "zh-hant":
            path = traditional
        new = [c for c in dict.fromkeys(one.own_name) if c not in taken]
        taken.update(new)
        letters[path] = letters.get(path, "") + "".join(new)
    return letters


def cut(path, text, *, is_shaped):
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


def write(font, copyright_notice):
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
    font["head"].created = font["head"].modified = MADE
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(TARGET)


def unicode_range(characters):
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
