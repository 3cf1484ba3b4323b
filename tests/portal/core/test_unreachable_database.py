"""The web server while its database refuses connections or does not respond."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest

from tests.project.source_tree import ROOT

START_SECONDS = 60
STOP_SECONDS = 10


def free_port() -> int:
    """Return a port on which no program listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def web_server(database: str, redis: str, folder):
    """Run Gunicorn with two processes, as in production; yield its port."""
    port = free_port()
    command = ["gunicorn", "portal.wsgi", "--workers", "2", "--threads", "4"]
    command += ["--preload", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PORTAL_MODE": "local",
            "PORTAL_VAR": str(folder),
            "DATABASE_URL": f"postgresql://portal@{database}/portal",
            "REDIS_URL": f"redis://{redis}/0",
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_it_answers(process, port)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_it_answers(process, port: int) -> None:
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last:
        assert process.poll() is None, "gunicorn ended"
        try:
            get(port, "/live")
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"gunicorn did not answer within {START_SECONDS} s")


def get(port: int, path: str, **headers: str):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=names)
        response = connection.getresponse()
        return response, response.read()


@pytest.mark.slow
def test_server_answers_while_the_database_is_unreachable(hanging, tmp_path):
    """The same server is started once: its database refuses connections, then hangs.

    In this order, because after a connection that hung the next ones are not tried for
    some seconds. Redis hangs all the time.
    """
    database = free_port()
    with web_server(f"127.0.0.1:{database}", hanging.address, tmp_path) as port:
        check_answers(port)
        with socket.create_server(("127.0.0.1", database)) as server:
            check_answers(port)
            server.setblocking(False)
            server.accept()[0].close()  # BlockingIOError: no connection was made


def check_answers(port: int) -> None:
    live, _body = get(port, "/live")
    started = time.monotonic()
    ready, body = get(port, "/ready")
    seconds = time.monotonic() - started
    page, html = get(port, "/vi/news/")
    api, problem = get(port, "/api/v1/articles/")
    staff, staff_html = get(
        port,
        "/admin/",
        cookie=f"sessionid={'x' * 32}",
        accept_language="zh-CN",
    )

    assert (live.status, ready.status) == (200, 503)
    assert json.loads(body)["database"] == "does not answer"
    # The checks take 1.5 s.
    assert seconds < 5
    assert (page.status, api.status, staff.status) == (503, 503, 503)
    assert b'<html lang="vi">' in html
    assert json.loads(problem)["code"] == "unavailable"
    assert b'<html lang="zh-Hans">' in staff_html
    for response in (page, api, staff):
        assert int(response.headers["Retry-After"]) > 0
        assert "no-store" in response.headers["Cache-Control"]
