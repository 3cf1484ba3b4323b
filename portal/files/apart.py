"""Programs of our own that read files which may mean ill, each in a process apart.

Each sets its own limits of time and memory before it reads.
"""

import subprocess
import sys
from pathlib import Path

from django.core.files.base import File

_HERE = Path(__file__).parent


class Unreadable(ValueError):
    """The program could not read the file; the words are for the office's log."""


class TooSlow(Unreadable):
    """The program was ended, because it took too long."""


def read_apart(program: str, content: File, *, seconds: float) -> str:
    """What ``program``, a file of this folder, prints of ``content``.

    Raises TooSlow, and Unreadable with the last line of its complaint.
    """
    content.seek(0)
    try:
        read = subprocess.run(  # noqa: S603 our own program, no words from outside
            [sys.executable, "-I", str(_HERE / program)],
            input=content.read(),
            capture_output=True,
            timeout=seconds,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise TooSlow("took too long to read") from None
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode("utf-8", "replace").strip().splitlines()
        ended = f"the reader ended with {error.returncode}"
        raise Unreadable(told[-1] if told else ended) from None
    return read.stdout.decode("utf-8")
