"""Checks of the machine before a virtual environment or the portal is started.

Each check raises PreflightError with one line that says what is wrong and what to do.
This file must stay valid for old versions of Python, because it has to run on one in
order to report that it is too old.
"""

import errno
import importlib.util
import shutil
import socket
import sys
import tempfile
from pathlib import Path

MIN_PYTHON = (3, 11)
MAX_PYTHON = (3, 13)
REQUIRED_MODULES = ("venv", "ensurepip", "sqlite3", "ssl")
LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


class PreflightError(Exception):
    """The machine does not meet a requirement; the message is shown to the user."""


def check_python(version=None):
    """Raise PreflightError unless the version is supported.

    ``version`` is that of the running Python by default.
    """
    version = tuple((version or sys.version_info)[:2])
    if not MIN_PYTHON <= version <= MAX_PYTHON:
        raise PreflightError(
            "Python {}.{} is not supported ({}): install Python 3.11, 3.12 or"
            " 3.13, or choose one with PYTHON=python3.12.".format(
                *version, sys.executable
            )
        )


def check_modules():
    """Raise PreflightError if a required module of the standard library is missing."""
    missing = [name for name in REQUIRED_MODULES if not importlib.util.find_spec(name)]
    if missing:
        raise PreflightError(
            "This Python ({}) lacks {}: install the missing part (on Debian and Ubuntu:"
            " apt-get install python3-venv).".format(
                sys.executable, " and ".join(missing)
            )
        )


def check_disk(folder, required_mb):
    """Raise PreflightError unless ``folder`` is writable and has enough free space.

    The folder is created if it does not exist. ``required_mb`` is in MiB.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"test")
    except OSError as error:
        raise PreflightError(f"Cannot write in {folder}: {error.strerror}.") from error
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < required_mb:
        raise PreflightError(
            f"Not enough disk space in {folder}: {free_mb} MB free, {required_mb} MB"
            " required."
        )


def check_port(text):
    """Return the port number in ``text``; raise PreflightError if it cannot be used.

    The port must be free on IPv4 and IPv6: browsers try ::1 first for "localhost", so
    another server there would be taken for the portal.
    """
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise PreflightError(f"PORT={text} is not a port number: use 1 to 65535.")
    for family, address in LOOPBACK:
        _try_to_bind(family, address, int(text))
    return int(text)


def _try_to_bind(family, address, port):
    try:
        probe = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return  # the machine does not support this address family
    with probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except PermissionError as error:
            raise PreflightError(
                f"You have no permission to use port {port}: choose another with"
                " PORT=8080."
            ) from error
        except OSError as error:
            if family == socket.AF_INET6 and error.errno != errno.EADDRINUSE:
                return  # IPv6 is disabled
            raise PreflightError(
                f"Port {port} is in use: stop the program that uses it, or choose"
                " another port with PORT=8001 make run."
            ) from error
