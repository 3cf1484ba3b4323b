"""Pytest plugin: a real nginx with the cache rules of deploy/nginx/cache.conf.

A test marked ``nginx`` is skipped if nginx is missing; with REQUIRE_NGINX=1 (as in
.ci/run) it fails instead.
"""

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.project.source_tree import ROOT

START_SECONDS = 20
STOP_SECONDS = 10
MISSING = "no nginx: apt-get install nginx"
# {user}: when started as root, nginx would run its workers as an account that cannot
# access the folder.
CONFIGURATION = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=portal:1m use_temp_path=off;
    add_header X-Cache-Status $upstream_cache_status always;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    server {{
        listen 127.0.0.1:{port};
        include {rules};
        location / {{ proxy_pass {upstream}; }}
    }}
    server {{
        listen 127.0.0.1:{other_port};
        proxy_cache portal;
        proxy_cache_key $scheme$http_host$request_uri;
        location / {{ proxy_pass {upstream}; }}
    }}
}}
"""


def nginx_path() -> str | None:
    """Return the path of nginx, which on Debian is not in every user's PATH."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("nginx") and not nginx_path():
        if os.environ.get("REQUIRE_NGINX") == "1":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)


@dataclass(frozen=True)
class Answer:
    """A response of nginx; ``cache`` is MISS, HIT or STALE, or "" if not cached."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def cache(self) -> str:
        return self.headers.get("X-Cache-Status", "")


@dataclass(frozen=True)
class Nginx:
    """A running nginx in front of the live server.

    Requests pass the rules of deploy/nginx/cache.conf. With ``by_headers`` they pass a
    cache that only follows the portal's headers, like the caches of other
    organisations.
    """

    port: int
    other_port: int
    folder: Path

    def get(self, path: str, *, by_headers: bool = False, **headers: str) -> Answer:
        """Send a request; underscores in the names of ``headers`` become hyphens."""
        port = self.other_port if by_headers else self.port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with closing(connection):
            names = {name.replace("_", "-"): text for name, text in headers.items()}
            connection.request("GET", path, headers=names)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def kept(self) -> list[bytes]:
        """Return the contents of the files in the cache."""
        paths = (self.folder / "cache").rglob("*")
        return [path.read_bytes() for path in paths if path.is_file()]


@pytest.fixture
def nginx(live_server, tmp_path) -> Iterator[Nginx]:
    """Run nginx with an empty cache in front of the live server."""
    upstream = live_server.url.replace("localhost", "127.0.0.1")
    with running_nginx(tmp_path / "nginx", upstream) as server:
        yield server


@contextmanager
def running_nginx(folder: Path, upstream: str) -> Iterator[Nginx]:
    """Run nginx with an empty cache in the new ``folder``, in front of ``upstream``."""
    folder.mkdir()
    server = Nginx(*_free_ports(), folder)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=folder,
            port=server.port,
            other_port=server.other_port,
            rules=ROOT / "deploy" / "nginx" / "cache.conf",
            upstream=upstream,
        )
    )
    command = [nginx_path(), "-p", folder, "-c", configuration]
    process = subprocess.Popen([*command, "-e", folder / "error.log"])
    try:
        _wait_until_it_listens(process, server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def raw_answer(port: int, target: bytes) -> Answer:
    """Send a GET request with the unmodified bytes ``target``; return the response."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        lines = (b"GET %b HTTP/1.1" % target, b"Host: localhost", b"Connection: close")
        connection.sendall(b"\r\n".join((*lines, b"", b"")))
        response = http.client.HTTPResponse(connection, method="GET")
        response.begin()
        return Answer(response.status, response.headers, response.read())


def _free_ports() -> tuple[int, int]:
    """Return two free ports, reserved at the same time so that they differ."""
    with ExitStack() as stack:
        listeners = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            for _two in range(2)
        ]
        return tuple(listener.getsockname()[1] for listener in listeners)


def _wait_until_it_listens(process: subprocess.Popen, server: Nginx) -> None:
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last:
        if process.poll() is not None:
            log = (server.folder / "error.log").read_text()
            pytest.fail(f"nginx ended with code {process.returncode}: {log}")
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"nginx did not listen within {START_SECONDS} s")
