"""Chromium on a live server with the public record, and a monitor of page errors."""

import fcntl
import io
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Page

from portal.core.accounts.models import User
from portal.core.http.static_files_storage import (
    JoinedStylesheetsStorage,
    join_stylesheet,
)

# All of axe's default rules: WCAG 2.2 A and AA, and its own best practices. Without
# preloading, because axe would put imported stylesheets into inline styles, which the
# CSP forbids. The only default rule that needs it is about media that play unasked.
AXE = {"resultTypes": ["violations"], "preload": False}
# Logs each CSP violation to the console, in the page and in its frames.
REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", event =>
  console.error("CSP: " + event.violatedDirective + " " + event.blockedURI));
"""


@pytest.fixture(scope="session")
def browser(live_server, browser):
    """Return Chromium, which is closed before the live server stops.

    Chromium keeps connections open. Their server threads would otherwise end after the
    server and could no longer close its database connection.
    """
    return browser


@pytest.fixture(autouse=True)
def sequential_requests(monkeypatch):
    """Serve one request at a time.

    All server threads share the one connection of an in-memory database. A second
    request would start its transaction within that of the first.
    """
    lock, get_response = threading.Lock(), WSGIHandler.get_response

    def get_response_alone(self, request):
        with lock:
            return get_response(self, request)

    monkeypatch.setattr(WSGIHandler, "get_response", get_response_alone)


@pytest.fixture(scope="session")
def joined_stylesheets(tmp_path_factory) -> Path:
    """Return a folder with the stylesheets as `collectstatic` joins them."""

    def read(name: str) -> str:
        return Path(finders.find(name)).read_text(encoding="utf-8")

    folder = tmp_path_factory.mktemp("static")
    for name in JoinedStylesheetsStorage.stylesheets:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(join_stylesheet(name, read), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def deployed_stylesheets(settings, joined_stylesheets) -> None:
    """Serve the joined stylesheets, as in production: one request instead of 17."""
    settings.STATICFILES_DIRS = [joined_stylesheets]


@dataclass
class Watch:
    """Records page errors: console messages, foreign requests and failed responses."""

    host: str
    problems: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        page.add_init_script(REPORT_BREACHES)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message) -> None:
        is_answer = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not is_answer:
            self.problems.append(f"{message.type}: {message.text}")

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.problems.append(f"foreign: {request.url}")

    def _failed(self, request) -> None:
        # Aborted: the next page was opened before the icon of this one had loaded.
        if "ERR_ABORTED" not in request.failure:
            self.problems.append(f"failed: {request.url} {request.failure}")

    def _response(self, response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= 400 and not is_page:
            self.problems.append(f"{response.status}: {response.url}")


@pytest.fixture
def watch(page, live_server) -> Iterator[Watch]:
    """Monitor ``page`` and fail the test if there was any error."""
    watch = Watch(urlsplit(live_server.url).netloc)
    watch.on(page)
    yield watch
    assert watch.problems == []


@pytest.fixture(scope="session")
def record_copy(tmp_path_factory, worker_id) -> Path:
    """Return the file with the loaded record, which all processes of the run share."""
    folder = tmp_path_factory.getbasetemp()
    is_alone = worker_id == "master"
    return (folder if is_alone else folder.parent) / "record.sqlite3"


@pytest.fixture
def record(transactional_db, record_copy) -> None:
    """Load the public record; on SQLite only once in a run, then from a copy.

    Request this fixture before any fixture that writes: the copy includes everything
    that existed when it was made.
    """
    if connection.vendor != "sqlite":
        call_command("load_record", stdout=io.StringIO())
        return
    connection.ensure_connection()
    with record_copy.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record_copy.exists():
            _save_record(record_copy)
        with closing(sqlite3.connect(record_copy)) as copy:
            copy.backup(connection.connection)
    # The copy has other ids of content types than those in Django's cache.
    ContentType.objects.clear_cache()


def _save_record(path: Path) -> None:
    call_command("load_record", stdout=io.StringIO())
    part = path.with_suffix(".part")
    with closing(sqlite3.connect(part)) as copy:
        connection.connection.backup(copy)
    part.replace(path)


@pytest.fixture
def at(live_server) -> Callable[[str], str]:
    """Return a function from a path to its URL on the live server."""
    return lambda path: f"{live_server.url}{path}"


@pytest.fixture
def sign_in(live_server, settings) -> Callable[[Page, User], None]:
    """Return a function that signs a user in on a page, by a session made here.

    For tests of what comes after the sign-in form. The form itself is in the tests of
    the workflows, of passkeys and of add forms.
    """

    def give_session(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        session = {"name": name, "value": client.cookies[name].value}
        page.context.add_cookies([{**session, "url": live_server.url}])

    return give_session


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Return a function from a page to axe's violations, one line each."""
    checker = Axe()

    def violations(page: Page) -> list[str]:
        page.wait_for_load_state("load")  # Colours are those of its stylesheets.
        rules = checker.run(page, options=AXE).response["violations"]
        return [
            f"{rule['id']}: {node['target']} {node['html'][:120]}"
            for rule in rules
            for node in rule["nodes"]
        ]

    return violations
