"""The portal's stylesheets and scripts: small, and loading only local files."""

import gzip
import json
import re
from itertools import product
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.test import override_settings

from portal.core.http.static_files_storage import join_stylesheet
from tests.failures import collect_failures

OWN = settings.BASE_DIR / "portal" / "static" / "portal"
KIB = 1024
CSS = sorted((OWN / "css").glob("*.css"))
SCRIPTS = sorted((OWN / "js").glob("*.js"))
# Most scripts of the twelve languages have no capitals, italics or letter spacing.
NOT_IN_EVERY_SCRIPT = re.compile(
    r"letter-spacing|text-transform:\s*(?!none)|font-style:\s*(?!normal)|small-caps"
)


def _joined(name: str) -> str:
    """Return a stylesheet as it is after collectstatic."""
    return join_stylesheet(name, lambda part: (OWN / "css" / part).read_text("utf-8"))


def _compressed(*contents: str) -> int:
    return sum(len(gzip.compress(content.encode(), mtime=0)) for content in contents)


def _rules(path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


def _scripts(*, are_for_staff: bool) -> list[str]:
    return [
        path.read_text("utf-8")
        for path in SCRIPTS
        if path.name.startswith("staff") == are_for_staff
    ]


def test_public_css_and_js_stay_within_size_limit():
    assert _compressed(_joined("portal.css")) <= 25 * KIB
    assert _compressed(*_scripts(are_for_staff=False)) <= 3 * KIB


def test_staff_css_and_js_stay_within_size_limit():
    assert _compressed(_joined("staff.css")) <= 10 * KIB
    assert _compressed(*_scripts(are_for_staff=True)) <= 18 * KIB


def test_stylesheets_load_only_existing_local_files():
    with collect_failures() as failures:
        for path in CSS:
            with failures.case(path.name):
                names = re.findall(r"url\([\"']?([^\"')]+)", _rules(path))
                assert [n for n in names if not (path.parent / n).is_file()] == []


def test_every_stylesheet_is_in_a_joined_one():
    """No import is left when the files are collected, and no file is forgotten."""
    joined = {name: _joined(name) for name in ("portal.css", "staff.css")}

    assert not [name for name, css in joined.items() if "@import" in css]
    assert [
        path.name
        for path in CSS
        if path.name not in joined
        and not any(path.read_text("utf-8") in css for css in joined.values())
    ] == []


@pytest.mark.slow
def test_collectstatic_joins_stylesheets(tmp_path):
    """Also when it runs again on a folder that has the joined file already."""
    storage = "portal.core.http.static_files_storage.JoinedStylesheetsStorage"
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}
    # Compressing the files of other packages takes most of the time.
    names = [name for finder in get_finders() for name, _ in finder.list([])]
    skipped = {Path(name).suffix[1:] for name in names} - {"", "css"}
    with (
        override_settings(STORAGES=storages, STATIC_ROOT=tmp_path),
        override_settings(WHITENOISE_SKIP_COMPRESS_EXTENSIONS=skipped),
        collect_failures() as failures,
    ):
        for run in ("first", "second"):
            call_command("collectstatic", interactive=False, verbosity=0)
            with failures.case(run):
                _check_joined(tmp_path)


def _check_joined(folder: Path) -> None:
    manifest = json.loads((folder / "staticfiles.json").read_text("utf-8"))["paths"]
    name = manifest["portal/css/portal.css"]
    served = (folder / name).read_text("utf-8")

    joined = (folder / "portal/css/portal.css").read_text("utf-8")
    assert joined == _joined("portal.css")
    assert "@import" not in served
    assert manifest["vendor/fonts/noto-sans-latin-400.woff2"].split("/")[-1] in served
    assert brotli.decompress((folder / f"{name}.br").read_bytes()).decode() == served


def test_stylesheets_avoid_properties_unsafe_for_non_latin_scripts():
    with collect_failures() as failures:
        for path in CSS:
            with failures.case(path.name):
                assert NOT_IN_EVERY_SCRIPT.findall(_rules(path)) == []


def test_scripts_set_no_cookies_and_ask_only_for_suggestions():
    forbidden_calls = (".cookie", "XMLHttpRequest", "sendBeacon", "import(", "fetch(")
    # The address of the suggestions is in the form, which the portal renders, and that
    # of the lists of organisations in the field of the admin that has them.
    requests = {
        "search.js": "fetch(form.dataset.suggestions",
        "staff-roles.js": "fetch(url, { signal: signal })",
    }

    with collect_failures() as failures:
        for path, call in product(SCRIPTS, forbidden_calls):
            with failures.case(path.name, call):
                script = path.read_text("utf-8")
                if path.name in requests:
                    script = script.replace(requests[path.name], "", 1)
                assert call not in script


def test_svg_images_reference_no_external_urls():
    for path in (OWN / "img").glob("*.svg"):
        addresses = re.findall(r"https?://[^\"' ]+", path.read_text("utf-8"))
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}, path.name
