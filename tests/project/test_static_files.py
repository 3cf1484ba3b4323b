"""The portal's stylesheets and scripts: small, and loading only local files."""

import gzip
import re
from itertools import product

from django.conf import settings

from tests.failures import collect_failures

OWN = settings.BASE_DIR / "portal" / "static" / "portal"
KIB = 1024
CSS = sorted((OWN / "css").glob("*.css"))
SCRIPTS = sorted((OWN / "js").glob("*.js"))
# Most scripts of the twelve languages have no capitals, italics or letter spacing.
NOT_IN_EVERY_SCRIPT = re.compile(
    r"letter-spacing|text-transform:\s*(?!none)|font-style:\s*(?!normal)|small-caps"
)


def _compressed(paths) -> int:
    return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in paths)


def _rules(path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


def _is_for_staff(path) -> bool:
    return path.name.startswith("staff")


def test_public_css_and_js_stay_within_size_limit():
    assert _compressed(path for path in CSS if not _is_for_staff(path)) <= 25 * KIB
    assert _compressed(path for path in SCRIPTS if not _is_for_staff(path)) <= 3 * KIB


def test_staff_css_and_js_stay_within_size_limit():
    assert _compressed(filter(_is_for_staff, CSS)) <= 8 * KIB
    assert _compressed(filter(_is_for_staff, SCRIPTS)) <= 6 * KIB


def test_stylesheets_load_only_existing_local_files():
    """Every file named exists; nothing is imported."""
    with collect_failures() as failures:
        for path in CSS:
            with failures.case(path.name):
                rules = _rules(path)
                named = re.findall(r"url\([\"']?([^\"')]+)", rules)
                assert "@import" not in rules
                assert [n for n in named if not (path.parent / n).is_file()] == []


def test_stylesheets_avoid_properties_unsafe_for_non_latin_scripts():
    with collect_failures() as failures:
        for path in CSS:
            with failures.case(path.name):
                assert NOT_IN_EVERY_SCRIPT.findall(_rules(path)) == []


def test_scripts_set_no_cookies_and_make_no_requests():
    calls = (".cookie", "fetch(", "XMLHttpRequest", "sendBeacon", "import(")

    with collect_failures() as failures:
        for path, word in product(SCRIPTS, calls):
            with failures.case(path.name, word):
                assert word not in path.read_text("utf-8")


def test_svg_images_reference_no_external_urls():
    for path in (OWN / "img").glob("*.svg"):
        addresses = re.findall(r"https?://[^\"' ]+", path.read_text("utf-8"))
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}, path.name
