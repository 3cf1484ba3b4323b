"""`make run`: run the whole portal on a machine without other services.

Checks the machine, creates .venv, updates the database and the public record, serves on
the loopback address and runs `publish_due` every minute until Ctrl-C. A second start
changes no data. Only the standard library is used, because nothing is installed yet.
"""

import hashlib
import os
import signal
import subprocess
import sys

import virtual_env
from preflight import PreflightError, check_disk, check_port, check_python
from serving import serve

ROOT = virtual_env.ROOT
REQUIREMENTS = "requirements.txt"
PREPARE_COMMAND = ("deploy/prepare.py",)
COLLECTSTATIC_COMMAND = (
    "manage.py",
    "collectstatic",
    "--noinput",
    "--clear",
    "--verbosity=0",
)
REQUIRED_DATA_MB = 100


def main():
    # SIGTERM and a closed terminal stop the portal as Ctrl-C does.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        port = check_machine()
        python = virtual_env.ensure_virtual_env(REQUIREMENTS)
        environment = build_portal_environment()
        collect_static(python, environment)
        run(python, environment, (*PREPARE_COMMAND, f"localhost:{port}"))
        serve(python, environment, port=port)
    except PreflightError as error:
        sys.exit(str(error))


def _stop(_number, _frame):
    # A second signal must not interrupt the shutdown.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def check_machine():
    """Check all requirements and return the port to serve on.

    Raises PreflightError before anything is created.
    """
    check_python()
    port = check_port(os.environ.get("PORT") or "8000")
    check_disk(str(ROOT), REQUIRED_DATA_MB)
    check_disk(str(get_var_folder()), REQUIRED_DATA_MB)
    virtual_env.check_virtual_env(REQUIREMENTS)
    return port


def get_var_folder():
    """Return the data folder as in the settings: PORTAL_VAR, by default ``var``.

    A relative path is resolved against the project folder.
    """
    return ROOT / (os.environ.get("PORTAL_VAR", "").strip() or "var")


def build_portal_environment():
    """Return the environment variables for the portal in local mode."""
    return dict(
        os.environ,
        PORTAL_MODE="local",
        DJANGO_SETTINGS_MODULE="portal.settings",
        PYTHONUNBUFFERED="1",
    )


def run(python, environment, command):
    """Run a Python command of the project; raise PreflightError if it fails."""
    result = subprocess.run(
        [python, *command], cwd=str(ROOT), env=environment, check=False
    )
    if result.returncode:
        command_name = " ".join(command[:2])
        raise PreflightError(f"{command_name} failed: see the messages above.")


def collect_static(python, environment):
    """Collect and compress the static files if one has changed since the last run."""
    stamp = get_var_folder() / "static-collected"
    collected = get_var_folder() / "static" / "staticfiles.json"
    digest = compute_static_hash()
    is_done = collected.is_file() and stamp.is_file() and stamp.read_text() == digest
    if not is_done:
        print("Collecting static files ...", flush=True)
        run(python, environment, COLLECTSTATIC_COMMAND)
        stamp.write_text(digest)


def compute_static_hash():
    """Return a hash of the project's static files, requirements and settings.

    Requirements and settings determine the static files of other packages.
    """
    static_hash = hashlib.sha256()
    for path in (
        ROOT / REQUIREMENTS,
        ROOT / "portal" / "settings.py",
        *list_own_static_files(),
    ):
        static_hash.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return static_hash.hexdigest()


def list_own_static_files():
    """Return the static files of all apps, without the collected ones in var/."""
    apps = [path.parent for path in ROOT.glob("*/__init__.py")]
    return sorted(
        path for app in apps for path in app.rglob("static/**/*") if path.is_file()
    )


if __name__ == "__main__":
    main()
