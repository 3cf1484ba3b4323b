"""What `make run` refuses before it starts, each with one line of explanation."""

import importlib.util
import os
import socket
import subprocess
import sys

import pytest

from tests.project.source_tree import ROOT

_SPEC = importlib.util.spec_from_file_location(
    "preflight", ROOT / "deploy" / "preflight.py"
)
preflight = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(preflight)


@pytest.fixture
def taken():
    """A port of this machine with a listener."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def refusal_line(check, *arguments) -> str:
    """Return the one line with which the check refuses."""
    with pytest.raises(preflight.PreflightError) as refusal:
        check(*arguments)
    (line,) = str(refusal.value).splitlines()
    return line


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 14)])
def test_unsupported_python_version_is_rejected(version):
    line = refusal_line(preflight.check_python, version)

    assert line.startswith("Python {}.{} is not supported".format(*version))
    assert "install Python 3.11, 3.12 or 3.13" in line


@pytest.mark.parametrize("version", [(3, 11), (3, 12, 1), (3, 13)])
def test_supported_python_version_is_accepted(version):
    preflight.check_python(version)


def test_missing_venv_module_is_named(monkeypatch):
    monkeypatch.setattr(preflight, "REQUIRED_MODULES", ("sys", "no_venv_here"))

    line = refusal_line(preflight.check_modules)

    assert "lacks no_venv_here: install" in line
    assert "python3-venv" in line


def test_unwritable_directory_is_rejected(tmp_path):
    file = tmp_path / "file"
    file.touch()

    assert refusal_line(preflight.check_disk, file / "var", 1).startswith(
        "Cannot write in"
    )


def test_insufficient_disk_space_is_rejected(tmp_path):
    line = refusal_line(preflight.check_disk, tmp_path, 10**9)

    assert line.startswith(f"Not enough disk space in {tmp_path}: ")


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "8000x"])
def test_invalid_port_is_rejected(text):
    assert refusal_line(preflight.check_port, text) == (
        f"PORT={text} is not a port number: use 1 to 65535."
    )


def test_make_run_exits_when_port_is_in_use(taken, tmp_path):
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
        f"Port {taken} is in use: stop the program that uses it, or choose another"
        " port with PORT=8001 make run.\n"
    )
    assert not (tmp_path / "var").exists()
