"""The two processes of `make run`: gunicorn, and publish_due once a minute.

The current process starts publish_due, monitors gunicorn and stops both.
"""

import contextlib
import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time

from preflight import PreflightError
from virtual_env import ROOT

MINUTE = 60
START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 10
# One worker process with threads: cache and rate limits of local mode are stored in the
# memory of the process.
GUNICORN = (
    *("-m", "gunicorn", "portal.wsgi"),
    *("--config", "deploy/gunicorn.conf.py"),
    *("--workers", "1", "--threads", "8", "--timeout", "60"),
    *("--no-control-socket", "--log-level", "warning"),
)


def serve(python, environment, *, port):
    """Serve until a signal raises SystemExit or gunicorn exits (PreflightError)."""
    children = []
    try:
        bind = f"127.0.0.1:{port}"
        web = _start([python, *GUNICORN, "--bind", bind], environment)
        children.append(web)
        _wait_until_ready(web, port)
        print(f"\nhttp://localhost:{port}/\nPress Ctrl-C to stop.\n")
        sys.stdout.flush()
        while True:
            publisher = _start([python, "manage.py", "publish_due"], environment)
            children[1:] = [publisher]
            _wait_for_next_run(web, publisher)
    finally:
        _stop_processes(children)


def _start(command, environment):
    # In a new session, so that Ctrl-C in the terminal reaches only this process, which
    # then stops its children in order.
    return subprocess.Popen(
        command,
        cwd=str(ROOT),
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )


def _end_with_parent():
    """Let the child receive SIGTERM if this process is killed (Linux only).

    Otherwise gunicorn would continue to occupy the port.
    """
    with contextlib.suppress(OSError, AttributeError):
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _wait_until_ready(web, port):
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        _raise_if_exited(web)
        connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=START_TIMEOUT_SECONDS
        )
        try:
            connection.request("GET", "/live")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise PreflightError(
        f"The server did not respond within {START_TIMEOUT_SECONDS} seconds."
    )


def _wait_for_next_run(web, publisher):
    """Wait a minute, or longer until publish_due exits: it never runs twice at once.

    Raises PreflightError if gunicorn exits.
    """
    is_failure_reported = False
    next_minute = time.monotonic() + MINUTE
    while time.monotonic() < next_minute or publisher.poll() is None:
        _raise_if_exited(web)
        if publisher.poll() and not is_failure_reported:
            is_failure_reported = True
            # The site keeps running; the next run publishes what is due.
            print("publish_due failed; it runs again in a minute.", file=sys.stderr)
        time.sleep(0.2)


def _raise_if_exited(web):
    if web.poll() is not None:
        raise PreflightError(f"The server exited unexpectedly (code {web.returncode}).")


def _stop_processes(children):
    """Terminate the running processes; kill those that do not exit in time."""
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.terminate()
    for child in running:
        try:
            child.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
