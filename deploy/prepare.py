"""Update message catalogues, database, public record and accounts in one process.

Run by deploy/run_local.py with the Python of .venv. The argument is the host name in
the one-time link that ensure_staff prints. Each command can be repeated safely. One
process is used because starting Django for each command would take longer than the
command itself.
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
