"""Run the portal's parsers of untrusted files in a subprocess.

Each script limits its own CPU time and memory before it reads its input.
"""

import subprocess
import sys
from pathlib import Path

from django.core.files.base import File

_FOLDER = Path(__file__).parent


class UnreadableFileError(ValueError):
    """The script could not read the file; the message is technical, for staff."""


class SandboxTimeoutError(UnreadableFileError):
    """The script was killed because it exceeded the timeout."""


def run_sandboxed(script: str, content: File, *, timeout_seconds: float) -> str:
    """Run ``script`` with ``content`` as standard input; return its standard output.

    ``script`` is the name of a file in the folder of this module. Raises
    SandboxTimeoutError after ``timeout_seconds``, and UnreadableFileError with the last
    line of standard error if the script fails.
    """
    content.seek(0)
    try:
        process = subprocess.run(  # noqa: S603 own script, no user input in the command
            [sys.executable, "-I", str(_FOLDER / script)],
            input=content.read(),
            capture_output=True,
            timeout=timeout_seconds,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise SandboxTimeoutError("took too long to read") from None
    except subprocess.CalledProcessError as error:
        error_lines = error.stderr.decode("utf-8", "replace").strip().splitlines()
        fallback_message = f"the script exited with status {error.returncode}"
        raise UnreadableFileError(
            error_lines[-1] if error_lines else fallback_message
        ) from None
    return process.stdout.decode("utf-8")
