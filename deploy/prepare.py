"""Catalogues, database, public record, sign-in: brought up to date in one process.

Run by deploy/run_local.py with the Python of .venv; its argument is the host of the
one-time link that ensure_staff prints. Each command may be run again at any time; to
start Django for each of them would take longer than their work.
"""

import sys
from pathlib import Path

from django.core.management import execute_from_command_line

COMMANDS = (
    ("compile_catalogues",),
    ("migrate", "--verbosity=0"),
    ("load_record",),
)


def main():
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    ensure_staff = ("ensure_staff", *(f"--host={host}" for host in sys.argv[1:2]))
    for command in (*COMMANDS, ensure_staff):
        execute_from_command_line(["manage.py", *command])


if __name__ == "__main__":
    main()
