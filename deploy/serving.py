"""The two processes of `make run`: gunicorn, and publish_due beside it each minute.

This process is the clock: it starts publish_due, watches gunicorn and ends both.
"""

import contextlib
import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time

from preflight import UnfitError
from virtual_env import ROOT

MINUTE = 60
START_SECONDS = 60
STOP_SECONDS = 10
# One process with threads: the cache and the request limits of local mode live in
# the memory of one process.
GUNICORN = (
    *("-m", "gunicorn", "portal.wsgi"),
    *("--config", "deploy/gunicorn.conf.py"),
    *("--workers", "1", "--threads", "8", "--timeout", "60"),
    *("--no-control-socket", "--log-level", "warning"),
)


def serve(python, environment, *, port):
    """Serve until a signal comes (SystemExit) or gunicorn dies (UnfitError)."""
    children = []
    try:
        bind = f"127.0.0.1:{port}"
        web = _start([python, *GUNICORN, "--bind", bind], environment)
        children.append(web)
        _wait_until_it_answers(web, port)
        print(f"\nhttp://localhost:{port}/\nCtrl-C ends it.\n")
        sys.stdout.flush()
        while True:
            publisher = _start([python, "manage.py", "publish_due"], environment)
            children[1:] = [publisher]
            _watch_for_a_minute(web, publisher)
    finally:
        _end(children)


def _start(command, environment):
    # A session of its own: Ctrl-C in the terminal reaches only this process, which
    # then ends its children in order.
    return subprocess.Popen(
        command,
        cwd=str(ROOT),
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )


def _end_with_parent():
    """Even if this process is killed, no server is left on the port (Linux only)."""
    with contextlib.suppress(OSError, AttributeError):
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _wait_until_it_answers(web, port):
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last:
        _fail_if_ended(web)
        connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=START_SECONDS
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
    raise UnfitError(f"The server did not answer within {START_SECONDS} s.")


def _watch_for_a_minute(web, publisher):
    """Pass a minute, and longer if publish_due is still at it: never two at once."""
    is_told = False
    next_minute = time.monotonic() + MINUTE
    while time.monotonic() < next_minute or publisher.poll() is None:
        _fail_if_ended(web)
        if publisher.poll() and not is_told:
            is_told = True
            # The site goes on: what is due stays due, and is tried again.
            print("publish_due failed; it runs again in a minute.", file=sys.stderr)
        time.sleep(0.2)


def _fail_if_ended(web):
    if web.poll() is not None:
        raise UnfitError(f"The server ended by itself (code {web.returncode}).")


def _end(children):
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.terminate()
    for child in running:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
