"""Chromium on a live portal with the real record, and a watch on its complaints."""

import io
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.contenttypes.models import ContentType
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page

# Rules of WCAG 2.2 A and AA, and what axe calls good practice on top.
AXE = {"resultTypes": ["violations"]}
# Says each breach of the policy on the console, in the page and in what it loads.
TELL_BREACHES = """
document.addEventListener("securitypolicyviolation", event =>
  console.error("CSP: " + event.violatedDirective + " " + event.blockedURI));
"""


@pytest.fixture(scope="session")
def browser(live_server, browser):
    """Chromium, closed before the server is: it keeps connections, and their threads
    would end after the server's, whose database they may not close any more."""
    return browser


@pytest.fixture(autouse=True)
def one_request_at_a_time(monkeypatch):
    """All threads of the server share the one connection of a database in memory: the
    second of two requests would start a transaction within the first one's."""
    lock, get_response = threading.Lock(), WSGIHandler.get_response

    def get_response_alone(self, request):
        with lock:
            return get_response(self, request)

    monkeypatch.setattr(WSGIHandler, "get_response", get_response_alone)


@dataclass
class Watch:
    """What a page did that none of ours may do."""

    host: str
    problems: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        page.add_init_script(TELL_BREACHES)
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
        # Aborted: the next page was opened before this one had its icon.
        if "ERR_ABORTED" not in request.failure:
            self.problems.append(f"failed: {request.url} {request.failure}")

    def _response(self, response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= 400 and not is_page:
            self.problems.append(f"{response.status}: {response.url}")


@pytest.fixture
def watch(page, live_server) -> Iterator[Watch]:
    """Watches ``page``; the test fails when anything was wrong by its end."""
    watch = Watch(urlsplit(live_server.url).netloc)
    watch.on(page)
    yield watch
    assert watch.problems == []


@pytest.fixture(scope="session")
def kept() -> dict[str, sqlite3.Connection]:
    """Databases to begin a test with, by name."""
    return {}


@pytest.fixture
def record(transactional_db, kept) -> None:
    """The public record, as the project ships it: loaded once, then copied back.

    Named before any fixture that writes: the copy has what was there when it was made.
    """
    connection.ensure_connection()
    if connection.vendor != "sqlite" or "record" not in kept:
        call_command("load_record", stdout=io.StringIO())
    if connection.vendor != "sqlite":
        return
    if "record" in kept:
        kept["record"].backup(connection.connection)
        # The rows of content types came back under the numbers they had.
        ContentType.objects.clear_cache()
    else:
        kept["record"] = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(kept["record"])


@pytest.fixture
def record_in_transaction(db) -> None:
    """The same, for tests that need no second connection."""
    call_command("load_record", stdout=io.StringIO())


@pytest.fixture
def at(live_server) -> Callable[[str], str]:
    """A function from a path to its address on the live portal."""
    return lambda path: f"{live_server.url}{path}"


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """A function from a page to what axe finds wrong with it, one line a finding."""
    checker = Axe()

    def violations(page: Page) -> list[str]:
        found = checker.run(page, options=AXE).response["violations"]
        return [
            f"{rule['id']}: {node['target']} {node['html'][:120]}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations
