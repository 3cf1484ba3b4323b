"""Bring locale/ up to date with the code: `make messages` (needs gettext).

What only staff read (``[tool.portal.messages] staff`` in pyproject.toml) goes into the
catalogues of the staff's languages and no other.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAFF_LOCALES = ("en", "zh_Hans")
NOT_OURS = (".venv", "var", "tests", "deploy", "docs")


def main() -> int:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    staff = pyproject["tool"]["portal"]["messages"]["staff"]
    every = sorted(path.name for path in (ROOT / "locale").iterdir() if path.is_dir())
    public = [locale for locale in every if locale not in STAFF_LOCALES]
    return collect(STAFF_LOCALES, NOT_OURS) or collect(public, [*NOT_OURS, *staff])


def collect(locales, ignored) -> int:
    command = [sys.executable, "manage.py", "makemessages", "--no-obsolete"]
    command += ["--add-location", "file"]
    command += [word for locale in locales for word in ("--locale", locale)]
    command += [word for pattern in ignored for word in ("--ignore", pattern)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
