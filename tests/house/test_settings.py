"""Settings: refuse to start half-made, keep the doors locked, hide nothing."""

import ast
import importlib.util
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests.house.addresses import PUBLIC, opened
from tests.house.tree import ROOT, parsed

NEEDED = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgresql://portal@db.portal.example/portal",
}
CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def started(code: str, **environment: str) -> subprocess.CompletedProcess:
    """A fresh Python with nothing of the tests' environment but the path."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


SET_UP = "import django; django.setup()"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "PORTAL_MODE": "production",
}


@pytest.mark.parametrize("missing", NEEDED)
def test_production_refuses_to_start_without(missing):
    given = {name: value for name, value in NEEDED.items() if name != missing}

    told = started(SET_UP, **PRODUCTION, **given)

    assert told.returncode != 0
    last_line = told.stderr.strip().splitlines()[-1]
    named = {name for name in NEEDED if name in last_line}
    assert named == {missing}, told.stderr


def test_production_names_everything_that_is_missing():
    told = started(SET_UP, **PRODUCTION)

    last_line = told.stderr.strip().splitlines()[-1]
    assert {name for name in NEEDED if name in last_line} == set(NEEDED)


def test_production_starts_with_what_it_needs():
    told = started(SET_UP, **PRODUCTION, **NEEDED)

    assert told.returncode == 0, told.stderr


def test_unknown_mode_is_refused():
    told = started(SET_UP, **{**PRODUCTION, "PORTAL_MODE": "staging"}, **NEEDED)

    assert told.returncode != 0
    assert "local or production" in told.stderr


@pytest.mark.parametrize("module", ["portal.wsgi", "portal.asgi", "portal.celery"])
def test_servers_are_in_production_unless_told_otherwise(module):
    code = (
        f"import {module}; from django.conf import settings;"
        f" print(settings.PORTAL_MODE, settings.SETTINGS_MODULE)"
    )

    told = started(code, **NEEDED)

    assert told.stdout.split() == ["production", "portal.settings"], told.stderr


def test_manage_py_is_local_unless_told_otherwise():
    told = subprocess.run(
        [sys.executable, "manage.py", "diffsettings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "PORTAL_MODE = 'local'" in told.stdout


FIRST_PAGE = """
import re, sys
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
page = Client().get("/en/")
asked = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.content.decode())
print(page.status_code, *[Client().get(address).status_code for address in asked])
"""


def test_migrate_is_enough_to_serve_pages_from_a_fresh_clone(tmp_path):
    """No folder for the database, no collected static files: as after a clone."""
    told = started(
        f"{SET_UP}\n{FIRST_PAGE}",
        DJANGO_SETTINGS_MODULE="portal.settings",
        PORTAL_VAR=str(tmp_path / "var"),
    )

    statuses = told.stdout.split()
    assert set(statuses) == {"200"}, told.stderr
    assert len(statuses) > 1


def test_production_does_not_serve_what_nobody_collected():
    code = (
        f"{SET_UP}; from django.conf import settings as s;"
        f" from django.contrib.staticfiles.storage import staticfiles_storage as t;"
        f" print(hasattr(s, 'WHITENOISE_USE_FINDERS'), t.manifest_strict)"
    )

    told = started(f"{code}; t.url('portal/css/portal.css')", **PRODUCTION, **NEEDED)

    assert told.stdout.split() == ["False", "True"]
    assert "Missing staticfiles manifest entry" in told.stderr


def test_production_keeps_its_doors_locked():
    names = [
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SECURE_HSTS_PRELOAD",
        "SESSION_COOKIE_HTTPONLY",
    ]
    code = (
        f"{SET_UP}; from django.conf import settings as s;"
        f" print([n for n in {names} if not getattr(s, n)],"
        f" s.SECURE_HSTS_SECONDS >= 31536000, s.DEBUG, s.JOBS_EAGER)"
    )

    told = started(code, **PRODUCTION, **NEEDED)

    assert told.stdout.strip() == "[] True False False", told.stderr


# ------------------------------------------------------------------ environment


def _read_from_environment() -> set[str]:
    """The name in every ``env.…("NAME", …)`` of the settings."""
    return {
        node.args[0].value
        for node in ast.walk(parsed(ROOT / "portal" / "settings.py"))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize("file", [".env.example", "docs/operations.md"])
def test_every_variable_is_written_down(file):
    text = (ROOT / file).read_text(encoding="utf-8")

    assert {n for n in _read_from_environment() if not _has_word(text, n)} == set()


def test_example_environment_names_no_variable_that_nobody_reads():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"(?m)^#?\s?([A-Z][A-Z0-9_]+)=", text))
    # Read by manage.py, gunicorn or the programs that start the portal.
    others = {"PORT", "WEB_CONCURRENCY", "DJANGO_SETTINGS_MODULE"}

    assert named - _read_from_environment() - others == set()


def test_only_the_settings_read_the_environment():
    """Beside the entry points, which choose the mode before there are settings."""
    entries = {"wsgi.py", "asgi.py", "celery.py", "settings.py"}
    readers = {
        path.relative_to(ROOT).as_posix()
        for app in ("portal", "exchanges", "seminars", "delegations")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
    }

    assert readers - {f"portal/{name}" for name in entries} == set()


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"\b{word}\b", text) is not None


# ---------------------------------------------------------------------- headers


def _directives(response) -> dict[str, list[str]]:
    parts = response["Content-Security-Policy"].split(";")
    return {part.split()[0]: part.split()[1:] for part in parts if part.strip()}


@pytest.mark.parametrize("route", PUBLIC)
def test_public_address_has_the_strict_headers(route, address, client):
    response = opened(client, address(PUBLIC[route].example))

    assert _directives(response) == CSP
    assert {name: response.get(name) for name in HEADERS} == HEADERS


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/admin/",
        "/admin/conference/article/",
        "/admin/conference/article/add/",
        "/en/no-such-page/",
        "/api/v1/no-such-thing/",
        "/en/news/?year=never",
    ],
)
def test_staff_and_error_pages_have_the_strict_headers(path, admin_client):
    response = admin_client.get(path)

    assert _directives(response) == CSP
    assert {name: response.get(name) for name in HEADERS} == HEADERS


def test_policy_allows_nothing_inline():
    policy = settings.CONTENT_SECURITY_POLICY
    allowed = {word for words in policy["DIRECTIVES"].values() for word in words}

    assert not {"'unsafe-inline'", "'unsafe-eval'"} & {str(word) for word in allowed}
    assert "CONTENT_SECURITY_POLICY_REPORT_ONLY" not in dir(settings)


def test_psycopg_3_is_not_there():
    """Django would silently prefer it to the psycopg2 that the portal is for."""
    assert importlib.util.find_spec("psycopg") is None
    assert importlib.util.find_spec("psycopg2") is not None
