"""What others made and we ship: named, licensed, unchanged, and used."""

import csv
import hashlib
import re

import pytest
from django.conf import settings

from portal.languages import LANGUAGES

STATIC = settings.BASE_DIR / "portal" / "static"
VENDOR = STATIC / "vendor"
CSS = STATIC / "portal" / "css" / "portal.css"


def _rows() -> list[dict[str, str]]:
    with (VENDOR / "VERSIONS.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["file"])
def test_vendored_file_is_the_one_that_was_taken(row):
    found = hashlib.sha256((VENDOR / row["file"]).read_bytes()).hexdigest()

    assert found == row["sha256"]
    assert all(row.values())


def test_every_vendored_file_is_written_down():
    files = {
        path.relative_to(VENDOR).as_posix()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.suffix not in (".tsv", ".txt")
    }

    assert files == {row["file"] for row in _rows()}


def test_every_folder_has_its_licence():
    folders = {(VENDOR / row["file"]).parent for row in _rows()}

    assert [str(folder) for folder in folders if not [*folder.glob("*.txt")]] == []


@pytest.mark.parametrize("name", ["portal.css", "desk.css"])
def test_font_of_language_names_has_their_letters_and_no_others(name):
    """After a change of a name: docs/languages.md, "Fonts"."""
    css = CSS.with_name(name).read_text("utf-8")
    rule = re.search(r'"Portal Language Names";.*?\}', css, re.DOTALL)
    ranges = re.search(r"unicode-range: (.*?);", rule[0])[1].split(", ")
    letters = set()
    for one in ranges:
        first, _, last = one.removeprefix("U+").partition("-")
        letters.update(range(int(first, 16), int(last or first, 16) + 1))
    size = (VENDOR / "fonts/noto-sans-language-names-400.woff2").stat().st_size

    assert letters == {ord(c) for one in LANGUAGES for c in one.own_name}
    assert size <= 8 * 1024


def test_every_font_has_its_rule():
    """A font that no rule names is weight in the repository and nothing else."""
    named = set(re.findall(r"vendor/(fonts/[^\"')]+)", CSS.read_text("utf-8")))

    assert named == {row["file"] for row in _rows() if row["file"].endswith(".woff2")}
