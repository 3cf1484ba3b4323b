"""Make .venv and install a pinned requirements file into it, once.

    python deploy/virtual_env.py tests/requirements.txt

A stamp in .venv holds the digest of what was installed: while the files are the same,
nothing is asked of pip and the call takes no time.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from preflight import (
    NEWEST,
    OLDEST,
    UnfitError,
    check_disk,
    check_modules,
    check_python,
)

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED_MB = {"requirements.txt": 600, "tests/requirements.txt": 1200}
_VERSION = "import pip, sys; print(*sys.version_info[:2])"


def is_usable():
    """There is a .venv whose Python starts, fits and has pip."""
    try:
        asked = subprocess.run(
            [str(PYTHON), "-c", _VERSION],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    version = tuple(int(part) for part in asked.stdout.split())
    return asked.returncode == 0 and OLDEST <= version <= NEWEST


def is_installed(requirements):
    stamp = _stamp(requirements)
    return stamp.is_file() and stamp.read_text() == _digest(requirements)


def check(requirements):
    """Raise UnfitError if what is still to be made cannot be made here."""
    check_python()
    if is_usable() and is_installed(requirements):
        return
    if not is_usable():
        check_modules()
    check_disk(str(ROOT), NEEDED_MB[requirements])


def ensure(requirements):
    """Make .venv hold exactly these pins; the path of its Python."""
    if not is_usable():
        print("Making the virtual environment in .venv ...", flush=True)
        shutil.rmtree(str(VENV), ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(VENV)], "making .venv")
    if not is_installed(requirements):
        print(f"Installing {requirements} ...", flush=True)
        pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--no-input"]
        pip += ["--disable-pip-version-check", "-r", str(ROOT / requirements)]
        _run(pip, "installing " + requirements)
        for name in _with_included(requirements):
            _stamp(name).write_text(_digest(name))
    return str(PYTHON)


def _run(command, what):
    if subprocess.run(command, check=False).returncode:
        raise UnfitError(f"Stopped while {what}: the reason is above.")


def _with_included(requirements):
    """The file and those it takes in with -r, as paths from the root."""
    names = [requirements]
    for line in (ROOT / requirements).read_text().splitlines():
        if line.startswith("-r "):
            path = (ROOT / requirements).parent / line[3:].strip()
            names += _with_included(str(path.resolve().relative_to(ROOT)))
    return names


def _digest(requirements):
    told = hashlib.sha256()
    for name in _with_included(requirements):
        told.update((ROOT / name).read_bytes())
    return told.hexdigest()


def _stamp(requirements):
    return VENV / "installed-{}".format(requirements.replace("/", "-"))


def main():
    requirements = sys.argv[1]
    try:
        check(requirements)
        ensure(requirements)
    except UnfitError as unfit:
        sys.exit(str(unfit))


if __name__ == "__main__":
    main()
