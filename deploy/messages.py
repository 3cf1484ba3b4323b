"""Bring locale/ up to date with the code: `make messages` (needs gettext).

What only staff read (``[tool.portal.messages] staff`` in pyproject.toml) goes into the
catalogues of the staff's languages and no other.

Catalogues are written in one form, so that a new message changes its own lines only:
ordered by message, one line for each text, without the places where messages are used
and without the date of the run.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
STAFF_LOCALES = ("en", "zh_Hans")
NOT_OURS = (".venv", "var", "tests", "deploy", "docs")
# polib's word for lines that are never wrapped.
UNWRAPPED = 0


def main() -> int:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    staff = pyproject["tool"]["portal"]["messages"]["staff"]
    every = sorted(path.name for path in (ROOT / "locale").iterdir() if path.is_dir())
    public = [locale for locale in every if locale not in STAFF_LOCALES]
    failure = collect(STAFF_LOCALES, NOT_OURS) or collect(public, [*NOT_OURS, *staff])
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        rewrite(path)
    return failure


def collect(locales, ignored) -> int:
    command = [sys.executable, "manage.py", "makemessages", "--no-obsolete"]
    command += ["--no-location"]
    command += [word for locale in locales for word in ("--locale", locale)]
    command += [word for pattern in ignored for word in ("--ignore", pattern)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def rewrite(path: Path) -> None:
    """Write a catalogue in the one form that this module describes."""
    catalogue = polib.pofile(str(path), wrapwidth=UNWRAPPED)
    catalogue.metadata.pop("POT-Creation-Date", None)
    catalogue.sort(key=lambda entry: (entry.obsolete, entry.msgid, entry.msgctxt or ""))
    for entry in catalogue:
        entry.occurrences = []
        entry.flags.sort()
    catalogue.save(newline="\n")


if __name__ == "__main__":
    sys.exit(main())
