"""Vendored files: listed, licensed, unchanged and used."""

import csv
import hashlib
import re

from django.conf import settings

from portal.core.languages import LANGUAGES
from tests.failures import collect_failures

STATIC = settings.BASE_DIR / "portal" / "static"
VENDOR = STATIC / "vendor"
FONTS_CSS = STATIC / "portal" / "css" / "fonts.css"


def _rows() -> list[dict[str, str]]:
    with (VENDOR / "VERSIONS.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_vendored_file_matches_recorded_checksum():
    with collect_failures() as failures:
        for row in _rows():
            with failures.case(row["file"]):
                content = (VENDOR / row["file"]).read_bytes()
                assert hashlib.sha256(content).hexdigest() == row["sha256"]
                assert all(row.values())


def test_every_vendored_file_is_listed():
    files = {
        path.relative_to(VENDOR).as_posix()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.suffix not in (".tsv", ".txt")
    }

    assert files == {row["file"] for row in _rows()}


def test_every_vendor_directory_has_licence():
    folders = {(VENDOR / row["file"]).parent for row in _rows()}

    assert [str(folder) for folder in folders if not [*folder.glob("*.txt")]] == []


def test_font_of_language_names_has_their_letters_and_no_others():
    """To update the font after a change of a name: docs/languages.md, "Fonts"."""
    css = FONTS_CSS.read_text("utf-8")
    rule = re.search(r'"Portal Language Names";.*?\}', css, re.DOTALL)
    ranges = re.search(r"unicode-range: (.*?);", rule[0])[1].split(", ")
    letters = set()
    for letter_range in ranges:
        first, _, last = letter_range.removeprefix("U+").partition("-")
        letters.update(range(int(first, 16), int(last or first, 16) + 1))
    size = (VENDOR / "fonts/noto-sans-language-names-400.woff2").stat().st_size

    assert letters == {ord(c) for language in LANGUAGES for c in language.native_name}
    assert size <= 8 * 1024


def test_every_font_file_has_font_face_rule():
    """A font without a rule is never loaded."""
    files_in_css = set(
        re.findall(r"vendor/(fonts/[^\"')]+)", FONTS_CSS.read_text("utf-8"))
    )

    assert files_in_css == {
        row["file"] for row in _rows() if row["file"].endswith(".woff2")
    }
