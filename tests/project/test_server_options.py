"""How `make run` starts the server, and how it answers unencoded addresses."""

import importlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.config import Config

from tests.project.source_tree import ROOT
from tests.proxies import raw_answer, running_nginx

START_SECONDS = 60
STOP_SECONDS = 10


@pytest.fixture
def command(monkeypatch) -> tuple[str, ...]:
    """The arguments of Python that start the server."""
    monkeypatch.syspath_prepend(str(ROOT / "deploy"))
    return importlib.import_module("serving").GUNICORN


def test_server_passes_long_urls_to_application(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    module, app, *arguments = command[1:]
    options = Config().parser().parse_args([*arguments, app])

    application = WSGIApplication.__new__(WSGIApplication)
    application.cfg = Config()
    application.load_config_from_file(options.config)

    assert (module, app) == ("gunicorn", "portal.wsgi")
    assert application.cfg.limit_request_line == 0


@pytest.fixture
def server_port(command, tmp_path) -> Iterator[int]:
    """The port of a server started as by `make run`, with an empty data folder."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_MODE": "local",
        "PORTAL_VAR": str(tmp_path),
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    bind = f"127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, *command, "--bind", bind], cwd=ROOT, env=environment
    )
    try:
        wait_for(process, port)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(process: subprocess.Popen, port: int) -> None:
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last:
        assert process.poll() is None, "the server ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not listen within {START_SECONDS} s")


# Bytes of an address; status and redirect of the answer.
UNENCODED = {
    "/zh-hans/研修班/".encode(): (404, ""),
    "/研修班/".encode(): (404, ""),
    b"/zh-hans/%ff/": (404, ""),
    b"/zh-hans/\xff/": (404, ""),
    b"/\xff": (404, ""),
    b"/zh-hans/\xe7\xa0\x94\xe7": (404, ""),
    "/en/contact。".encode(): (301, "/en/contact/"),
    "/zh/联系/?q=检".encode(): (301, "/zh-hans/%E8%81%94%E7%B3%BB/?q=%E6%A3%80"),
}


def check_answers(port: int) -> None:
    for target, (status, location) in UNENCODED.items():
        answer = raw_answer(port, target)
        assert answer.status == status, target
        assert answer.headers.get("Location", "") == location
        if status == 404:
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert b'<p class="error__code" aria-hidden="true">404</p>' in answer.body


@pytest.mark.slow
def test_unencoded_address_is_answered_by_the_portal(server_port):
    check_answers(server_port)


@pytest.mark.nginx
def test_unencoded_address_passes_nginx(server_port, tmp_path):
    upstream = f"http://127.0.0.1:{server_port}"
    with running_nginx(tmp_path / "nginx", upstream) as nginx:
        check_answers(nginx.port)
        check_answers(nginx.other_port)
