"""Script of the sandbox: call one function with the bytes of standard input.

Usage: ``sandbox_process.py CPU_SECONDS MEMORY_BYTES FUNCTION [ARGUMENT …]``. The limits
are set after the function's module has been imported and before the untrusted bytes are
read. The returned text is written to standard output.
"""

import importlib
import resource
import sys
from pathlib import Path


def main(cpu_seconds: str, memory_bytes: str, function: str, *arguments: str) -> None:
    # The interpreter runs in isolated mode, in which only installed packages are found.
    sys.path.append(str(Path(__file__).parents[3]))
    module, _dot, name = function.rpartition(".")
    call = getattr(importlib.import_module(module), name)
    set_resource_limits(int(cpu_seconds), int(memory_bytes))
    text = call(sys.stdin.buffer.read(), *arguments)
    sys.stdout.buffer.write(text.encode("utf-8", "ignore"))


def set_resource_limits(cpu_seconds: int, memory_bytes: int) -> None:
    """Limit CPU time and memory of this process, and forbid writing to files."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    main(*sys.argv[1:])
