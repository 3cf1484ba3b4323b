"""What `make run` refuses before it begins anything, in one line."""

import importlib.util
import os
import socket
import subprocess
import sys

import pytest

from tests.house.tree import ROOT

_SPEC = importlib.util.spec_from_file_location(
    "preflight", ROOT / "deploy" / "preflight.py"
)
preflight = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(preflight)


@pytest.fixture
def taken():
    """A port of this machine that something listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def told(check, *arguments) -> str:
    """The one line for which the check refuses."""
    with pytest.raises(preflight.UnfitError) as refusal:
        check(*arguments)
    (line,) = str(refusal.value).splitlines()
    return line


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 14)])
def test_python_that_does_not_fit_is_refused(version):
    line = told(preflight.check_python, version)

    assert line.startswith("Python {}.{} does not fit".format(*version))
    assert "install Python 3.11, 3.12 or 3.13" in line


@pytest.mark.parametrize("version", [(3, 11), (3, 12, 1), (3, 13)])
def test_python_that_fits_is_taken(version):
    preflight.check_python(version)


def test_missing_venv_module_is_named(monkeypatch):
    monkeypatch.setattr(preflight, "NEEDED_MODULES", ("sys", "no_venv_here"))

    line = told(preflight.check_modules)

    assert "lacks no_venv_here: install" in line
    assert "python3-venv" in line


def test_folder_that_cannot_be_made_is_refused(tmp_path):
    file = tmp_path / "file"
    file.touch()

    assert told(preflight.check_disk, file / "var", 1).startswith("Cannot write in")


def test_disk_without_room_is_refused(tmp_path):
    line = told(preflight.check_disk, tmp_path, 10**9)

    assert line.startswith(f"The disk of {tmp_path} is full: ")


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "8000x"])
def test_text_that_is_no_port_is_refused(text):
    assert told(preflight.check_port, text) == (
        f"PORT={text} is no port number: use 1 to 65535."
    )


def test_make_run_says_that_its_port_is_taken_and_ends(taken, tmp_path):
    ended = subprocess.run(
        [sys.executable, "deploy/run_local.py"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(taken), "PORTAL_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr == (
        f"Port {taken} is taken: stop what listens there, or choose another with"
        " PORT=8001 make run.\n"
    )
    assert not (tmp_path / "var").exists()
