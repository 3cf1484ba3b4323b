"""What must hold before a virtual environment or the portal is started.

Each check raises UnfitError with one line that says what is wrong and what to do. This
file is read by whatever Python the machine has, so it keeps to syntax that an old one
can parse: how else would it say that it is too old?
"""

import errno
import importlib.util
import shutil
import socket
import sys
import tempfile
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 13)
NEEDED_MODULES = ("venv", "ensurepip", "sqlite3", "ssl")
LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


class UnfitError(Exception):
    """The machine is not ready; the message is the one line a person reads."""


def check_python(version=None):
    version = tuple((version or sys.version_info)[:2])
    if not OLDEST <= version <= NEWEST:
        raise UnfitError(
            "Python {}.{} does not fit ({}): install Python 3.11, 3.12 or 3.13, or name"
            " one with PYTHON=python3.12.".format(*version, sys.executable)
        )


def check_modules():
    missing = [name for name in NEEDED_MODULES if not importlib.util.find_spec(name)]
    if missing:
        raise UnfitError(
            "This Python ({}) lacks {}: install the missing part (on Debian and Ubuntu:"
            " apt-get install python3-venv).".format(
                sys.executable, " and ".join(missing)
            )
        )


def check_disk(folder, needed_mb):
    """The folder can be made, written to, and has the room."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"room")
    except OSError as error:
        raise UnfitError(f"Cannot write in {folder}: {error.strerror}.") from error
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < needed_mb:
        raise UnfitError(
            f"The disk of {folder} is full: {free_mb} MB free, {needed_mb} MB needed."
        )


def check_port(text):
    """The port as a number, if nothing listens on it at any address of this machine.

    Browsers try ::1 first for "localhost": a stranger there would be taken for us.
    """
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise UnfitError(f"PORT={text} is no port number: use 1 to 65535.")
    for family, address in LOOPBACK:
        _try_to_bind(family, address, int(text))
    return int(text)


def _try_to_bind(family, address, port):
    try:
        probe = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return  # this machine does not speak that family
    with probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except PermissionError as error:
            raise UnfitError(
                f"Port {port} may not be used by you: choose another with PORT=8080."
            ) from error
        except OSError as error:
            if family == socket.AF_INET6 and error.errno != errno.EADDRINUSE:
                return  # ::1 is switched off
            raise UnfitError(
                f"Port {port} is taken: stop what listens there, or choose another with"
                " PORT=8001 make run."
            ) from error
