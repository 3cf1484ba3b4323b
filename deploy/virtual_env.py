"""Create .venv and install a pinned requirements file into it.

    python deploy/virtual_env.py tests/requirements.txt

A stamp file in .venv contains a hash of the installed requirements. If it matches, pip
is not run and the call takes no time.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from preflight import (
    MAX_PYTHON,
    MIN_PYTHON,
    PreflightError,
    check_disk,
    check_modules,
    check_python,
)

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIRED_DISK_MB = {"requirements.txt": 600, "tests/requirements.txt": 1200}
_PRINT_PYTHON_VERSION = "import pip, sys; print(*sys.version_info[:2])"


def is_usable():
    """Return whether .venv has a working Python of a supported version, with pip."""
    try:
        process = subprocess.run(
            [str(PYTHON), "-c", _PRINT_PYTHON_VERSION],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    version = tuple(int(part) for part in process.stdout.split())
    return process.returncode == 0 and MIN_PYTHON <= version <= MAX_PYTHON


def is_installed(requirements):
    """Return whether the current version of a requirements file is installed."""
    stamp = _get_stamp_path(requirements)
    return stamp.is_file() and stamp.read_text() == _digest(requirements)


def check_virtual_env(requirements):
    """Raise PreflightError if .venv is incomplete and cannot be created here.

    Checks the version of Python, required modules and disk space.
    """
    check_python()
    if is_usable() and is_installed(requirements):
        return
    if not is_usable():
        check_modules()
    check_disk(str(ROOT), REQUIRED_DISK_MB[requirements])


def ensure_virtual_env(requirements):
    """Create .venv and install ``requirements`` if needed; return its Python's path."""
    if not is_usable():
        print("Creating the virtual environment in .venv ...", flush=True)
        shutil.rmtree(str(VENV), ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(VENV)], "Creating .venv")
    if not is_installed(requirements):
        print(f"Installing {requirements} ...", flush=True)
        pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--no-input"]
        pip += ["--disable-pip-version-check", "-r", str(ROOT / requirements)]
        _run(pip, "Installing " + requirements)
        for name in _list_included_files(requirements):
            _get_stamp_path(name).write_text(_digest(name))
    return str(PYTHON)


def _run(command, task):
    if subprocess.run(command, check=False).returncode:
        raise PreflightError(f"{task} failed: see the messages above.")


def _list_included_files(requirements):
    """Return the paths, from the project folder, of the file and those it includes.

    Requirements files include others with -r.
    """
    names = [requirements]
    for line in (ROOT / requirements).read_text().splitlines():
        if line.startswith("-r "):
            path = (ROOT / requirements).parent / line[3:].strip()
            names += _list_included_files(str(path.resolve().relative_to(ROOT)))
    return names


def _digest(requirements):
    """Return a hash of a requirements file and of the files it includes."""
    digest = hashlib.sha256()
    for name in _list_included_files(requirements):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _get_stamp_path(requirements):
    return VENV / "installed-{}".format(requirements.replace("/", "-"))


def main():
    requirements = sys.argv[1]
    try:
        check_virtual_env(requirements)
        ensure_virtual_env(requirements)
    except PreflightError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
