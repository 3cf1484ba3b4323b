"""`make run`: the whole portal on one bare machine, ended by Ctrl-C.

Checks the machine, makes .venv, brings the database and the public record up to date,
then serves on loopback and runs `publish_due` each minute. A second start finds all
of it done and changes no data. Only the standard library is used here: nothing is
installed yet.
"""

import hashlib
import os
import signal
import subprocess
import sys

import virtual_env
from preflight import UnfitError, check_disk, check_port, check_python
from serving import serve

ROOT = virtual_env.ROOT
REQUIREMENTS = "requirements.txt"
PREPARE = ("deploy/prepare.py",)
COLLECT = ("manage.py", "collectstatic", "--noinput", "--clear", "--verbosity=0")
ROOM_FOR_DATA_MB = 100


def main():
    # TERM and a closed terminal end the run as Ctrl-C does.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        port = check_machine()
        python = virtual_env.ensure(REQUIREMENTS)
        environment = portal_environment()
        collect_static(python, environment)
        run(python, environment, (*PREPARE, f"localhost:{port}"))
        serve(python, environment, port=port)
    except UnfitError as unfit:
        sys.exit(str(unfit))


def _stop(_number, _frame):
    # A second signal must not cut the orderly end short.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def check_machine():
    """The port to serve on; UnfitError before anything is begun."""
    check_python()
    port = check_port(os.environ.get("PORT") or "8000")
    check_disk(str(ROOT), ROOM_FOR_DATA_MB)
    check_disk(str(var_folder()), ROOM_FOR_DATA_MB)
    virtual_env.check(REQUIREMENTS)
    return port


def var_folder():
    """The folder that portal/settings.py takes: blank is default, relative is ours."""
    return ROOT / (os.environ.get("PORTAL_VAR", "").strip() or "var")


def portal_environment():
    return dict(
        os.environ,
        PORTAL_MODE="local",
        DJANGO_SETTINGS_MODULE="portal.settings",
        PYTHONUNBUFFERED="1",
    )


def run(python, environment, command):
    done = subprocess.run(
        [python, *command], cwd=str(ROOT), env=environment, check=False
    )
    if done.returncode:
        told = " ".join(command[:2])
        raise UnfitError(f"Stopped at {told}: the reason is above.")


def collect_static(python, environment):
    """Collect and compress the static files: slow, so only if one has changed."""
    stamp = var_folder() / "static-collected"
    collected = var_folder() / "static" / "staticfiles.json"
    digest = static_digest()
    is_done = collected.is_file() and stamp.is_file() and stamp.read_text() == digest
    if not is_done:
        print("Collecting static files ...", flush=True)
        run(python, environment, COLLECT)
        stamp.write_text(digest)


def static_digest():
    """Of our own files, and of what says which packages bring others and how."""
    told = hashlib.sha256()
    for path in (ROOT / REQUIREMENTS, ROOT / "portal" / "settings.py", *own_static()):
        told.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return told.hexdigest()


def own_static():
    """Every app's static files; var/ is where they are collected to."""
    apps = [path.parent for path in ROOT.glob("*/__init__.py")]
    return sorted(p for app in apps for p in app.rglob("static/**/*") if p.is_file())


if __name__ == "__main__":
    main()
