"""Our stylesheets and scripts: small, and of our own origin."""

import gzip
import re

import pytest
from django.conf import settings

OWN = settings.BASE_DIR / "portal" / "static" / "portal"
KIB = 1024
CSS = sorted((OWN / "css").glob("*.css"))
SCRIPTS = sorted((OWN / "js").glob("*.js"))
# Most of the twelve languages' scripts have no such thing.
NOT_IN_EVERY_SCRIPT = re.compile(
    r"letter-spacing|text-transform:\s*(?!none)|font-style:\s*(?!normal)|small-caps"
)


def _compressed(paths) -> int:
    return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in paths)


def _rules(path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


def _of_the_desk(path) -> bool:
    return path.name.startswith("desk")


def test_styles_and_scripts_are_small():
    assert _compressed(path for path in CSS if not _of_the_desk(path)) <= 25 * KIB
    assert _compressed(path for path in SCRIPTS if not _of_the_desk(path)) <= 3 * KIB


def test_styles_and_scripts_of_the_desk_are_small():
    assert _compressed(filter(_of_the_desk, CSS)) <= 8 * KIB
    assert _compressed(filter(_of_the_desk, SCRIPTS)) <= 6 * KIB


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_styles_fetch_only_what_is_ours(path):
    """Each file that is named is there; nothing is imported or from elsewhere."""
    rules = _rules(path)
    named = re.findall(r"url\([\"']?([^\"')]+)", rules)

    assert "@import" not in rules
    assert [name for name in named if not (path.parent / name).is_file()] == []


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_styles_suit_every_script(path):
    assert NOT_IN_EVERY_SCRIPT.findall(_rules(path)) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_set_no_cookie_and_call_nobody(path):
    script = path.read_text("utf-8")

    for word in (".cookie", "fetch(", "XMLHttpRequest", "sendBeacon", "import("):
        assert word not in script


def test_pictures_of_the_style_name_nobody_else():
    for path in (OWN / "img").glob("*.svg"):
        addresses = re.findall(r"https?://[^\"' ]+", path.read_text("utf-8"))
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}, path.name
