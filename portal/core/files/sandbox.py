"""Run the portal's parsers of untrusted files in a subprocess with resource limits."""

import subprocess
import sys
from pathlib import Path

from django.core.files.base import File

_SCRIPT = Path(__file__).with_name("sandbox_process.py")
_MAX_MEMORY_BYTES = 1_500_000_000


class UnreadableFileError(ValueError):
    """The function could not read the file; the message is technical, for staff."""


class SandboxLimitError(UnreadableFileError):
    """The subprocess exceeded its time or memory, or crashed."""


def run_sandboxed(
    function: str,
    content: File,
    *arguments: str,
    timeout_seconds: float,
    cpu_seconds: int = 10,
    memory_bytes: int = _MAX_MEMORY_BYTES,
) -> str:
    """Call ``function`` in a subprocess with the bytes of ``content``; return its text.

    ``function`` is the dotted path of a function that takes bytes and ``arguments`` and
    returns a string; its module must be importable without Django's settings. Raises
    SandboxLimitError if a limit is exceeded, and UnreadableFileError with the last line
    of standard error if the function fails.
    """
    content.seek(0)
    limits = [str(cpu_seconds), str(memory_bytes)]
    try:
        process = subprocess.run(  # noqa: S603 own script, no user input in the command
            [sys.executable, "-I", str(_SCRIPT), *limits, function, *arguments],
            input=content.read(),
            capture_output=True,
            timeout=timeout_seconds,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise SandboxLimitError("took too long to read") from None
    except subprocess.CalledProcessError as error:
        raise _build_error(error) from None
    return process.stdout.decode("utf-8")


def _build_error(error: subprocess.CalledProcessError) -> UnreadableFileError:
    lines = error.stderr.decode("utf-8", "replace").strip().splitlines()
    message = (
        lines[-1] if lines else f"the process exited with status {error.returncode}"
    )
    # A negative status is the signal that ended the process, such as SIGXCPU.
    is_limit = error.returncode < 0 or message.startswith("MemoryError")
    return SandboxLimitError(message) if is_limit else UnreadableFileError(message)
