"""Update the message catalogues in locale/ from the code: `make messages`.

Needs gettext. Messages of files that only staff see (``[tool.portal.messages] staff``
in pyproject.toml) are written to the catalogues of the staff's languages only.

Catalogues have a canonical form, so that a new message changes only its own lines:
sorted by message, one line per text, without source locations and without the date of
the run.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
STAFF_LOCALES = ("en", "zh_Hans")
IGNORED_FOLDERS = (".venv", "var", "tests", "deploy", "docs")
# For polib 0 means that lines are not wrapped.
UNWRAPPED = 0


def main() -> int:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    staff = pyproject["tool"]["portal"]["messages"]["staff"]
    all_locales = sorted(
        path.name for path in (ROOT / "locale").iterdir() if path.is_dir()
    )
    public_locales = [locale for locale in all_locales if locale not in STAFF_LOCALES]
    exit_status = run_makemessages(STAFF_LOCALES, IGNORED_FOLDERS) or run_makemessages(
        public_locales, [*IGNORED_FOLDERS, *staff]
    )
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        rewrite_catalogue(path)
    return exit_status


def run_makemessages(locales, ignored_patterns) -> int:
    """Run makemessages for ``locales`` without the ignored files.

    Returns the exit status.
    """
    command = [sys.executable, "manage.py", "makemessages", "--no-obsolete"]
    command += ["--no-location"]
    command += [argument for locale in locales for argument in ("--locale", locale)]
    command += [
        argument for pattern in ignored_patterns for argument in ("--ignore", pattern)
    ]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def rewrite_catalogue(path: Path) -> None:
    """Write a catalogue in its canonical form (see the module docstring)."""
    catalogue = polib.pofile(str(path), wrapwidth=UNWRAPPED)
    catalogue.metadata.pop("POT-Creation-Date", None)
    catalogue.sort(key=lambda entry: (entry.obsolete, entry.msgid, entry.msgctxt or ""))
    for entry in catalogue:
        entry.occurrences = []
        entry.flags.sort()
    catalogue.save(newline="\n")


if __name__ == "__main__":
    sys.exit(main())
