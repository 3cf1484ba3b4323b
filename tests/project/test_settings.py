"""Settings: refuse an incomplete environment, and are secure in production."""

import ast
import importlib
import importlib.util
import json
import os
import re
import runpy
import subprocess
import sys
from unittest import mock

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils.crypto import get_random_string

from tests.databases import prepared_file
from tests.failures import collect_failures
from tests.project.source_tree import APPS, ROOT, parsed
from tests.project.url_table import PUBLIC, opened

NEEDED = {
    "SECRET_KEY": get_random_string(60),
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


def started(
    code: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess:
    """Run ``code`` in a new Python process with only PATH of the tests' environment."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
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


def test_production_refuses_to_start_without_required_setting():
    with collect_failures() as failures:
        for missing in NEEDED:
            with failures.case(missing):
                other_variables = {
                    name: NEEDED[name] for name in NEEDED if name != missing
                }
                with pytest.raises(ImproperlyConfigured) as refusal:
                    _settings_of(PORTAL_MODE="production", **other_variables)
                names = {name for name in NEEDED if name in str(refusal.value)}
                assert names == {missing}


def test_production_names_everything_that_is_missing():
    result = started("import portal.settings", **PRODUCTION)

    last_line = result.stderr.strip().splitlines()[-1]
    assert result.returncode != 0
    assert {name for name in NEEDED if name in last_line} == set(NEEDED)


SECURE = (
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SESSION_COOKIE_HTTPONLY",
)
# The last line raises an error.
IN_PRODUCTION = f"""
{SET_UP}
import json
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
print(json.dumps({{
    "disabled": [name for name in {SECURE} if not getattr(settings, name)],
    "hsts_seconds": settings.SECURE_HSTS_SECONDS,
    "debug": settings.DEBUG,
    "jobs_eager": settings.JOBS_EAGER,
    "uses_finders": hasattr(settings, "WHITENOISE_USE_FINDERS"),
    "manifest_strict": staticfiles_storage.manifest_strict,
}}))
staticfiles_storage.url("portal/css/portal.css")
"""


@pytest.fixture(scope="module")
def production() -> subprocess.CompletedProcess:
    """A process that has what production needs, and asks for a static file."""
    return started(IN_PRODUCTION, **PRODUCTION, **NEEDED)


@pytest.fixture(scope="module")
def production_values(production) -> dict:
    """What the process in production printed: it has started."""
    assert production.stdout, production.stderr
    return json.loads(production.stdout)


def test_production_starts_with_what_it_needs(production_values):
    assert production_values


def test_unknown_mode_is_refused():
    with pytest.raises(ImproperlyConfigured, match="local or production"):
        _settings_of(**{**PRODUCTION, "PORTAL_MODE": "staging"}, **NEEDED)


SERVERS = ("portal.celery", "portal.wsgi", "portal.asgi")


# The mode is set again before each import, because an entry point writes it. A second
# import would not: portal.celery, which tasks import, must be the first.
ENTRY_POINTS = """
import importlib, os, sys
for name in sys.argv[1:]:
    os.environ["PORTAL_MODE"] = " "
    importlib.import_module(name)
    print(os.environ["PORTAL_MODE"])
import portal.settings
print(portal.settings.PORTAL_MODE)
"""


@pytest.mark.slow
def test_server_entry_points_default_to_production_mode():
    with collect_failures() as failures:
        for module in SERVERS:
            with failures.case(module):
                code = (
                    f"import {module}; from django.conf import settings;"
                    f" print(settings.PORTAL_MODE, settings.SETTINGS_MODULE)"
                )
                result = started(code, **NEEDED)
                lines = result.stdout.split()
                assert lines == ["production", "portal.settings"], result.stderr


@pytest.mark.slow
def test_servers_with_an_empty_mode_are_in_production():
    """Another test starts each of them in a process of its own."""
    result = started(ENTRY_POINTS, *SERVERS, **NEEDED)

    modes = result.stdout.splitlines()
    assert modes == ["production"] * (len(SERVERS) + 1), result.stderr


def test_manage_py_defaults_to_local_mode():
    result = subprocess.run(
        [sys.executable, "manage.py", "diffsettings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "PORTAL_MODE = 'local'" in result.stdout


FIRST_PAGE = """
import re, sqlite3, sys
from django.core.management import call_command
from django.db import connection
if sys.argv[1:]:
    call_command("migrate", "contenttypes", verbosity=0)
    sqlite3.connect(sys.argv[1]).backup(connection.connection)
call_command("migrate", verbosity=0)
from django.test import Client
page = Client().get("/en/")
asked = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.content.decode())
print(page.status_code, *[Client().get(address).status_code for address in asked])
"""


@pytest.mark.slow
def test_migrate_is_enough_to_serve_pages_from_a_fresh_clone(tmp_path, request):
    """No folder for the database and no collected static files: as after a clone.

    The first migrations create the database. The others are copied from the prepared
    database if there is one, because all of them take 20 s.
    """
    prepared = prepared_file(request.config)

    result = started(
        f"{SET_UP}\n{FIRST_PAGE}",
        *([str(prepared)] if prepared.exists() else []),
        DJANGO_SETTINGS_MODULE="portal.settings",
        PORTAL_VAR=str(tmp_path / "var"),
    )

    statuses = result.stdout.split()
    assert set(statuses) == {"200"}, result.stderr
    assert len(statuses) > 1


def test_production_requires_collected_static_files(production, production_values):
    assert production_values["uses_finders"] is False
    assert production_values["manifest_strict"] is True
    assert "Missing staticfiles manifest entry" in production.stderr


def test_production_enables_security_settings(production_values):
    assert production_values["disabled"] == []
    assert production_values["hsts_seconds"] >= 31536000
    assert production_values["debug"] is False
    assert production_values["jobs_eager"] is False


# ------------------------------------------------------------------ environment


def _read_from_environment() -> set[str]:
    """Return the names of the variables read by ``env.…("NAME", …)``."""
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


EXAMPLE = ROOT / ".env.example"


def _settings_of(**environment: str) -> dict[str, object]:
    """Return the settings for an environment, read in this process."""
    with mock.patch.dict(os.environ, environment, clear=True):
        module = runpy.run_path(str(ROOT / "portal" / "settings.py"))
    return {name: value for name, value in module.items() if name.isupper()}


def _read_by_systemd(text: str) -> dict[str, str]:
    """Read a file as EnvironmentFile= of systemd.exec(5) does."""
    lines = [line.strip() for line in text.splitlines()]
    pairs = [line.split("=", 1) for line in lines if line and line[0] not in "#;"]
    return {name: value.strip().strip("'") for name, value in pairs}


def _read_by_shell(text: str, folder) -> dict[str, str]:
    """Return the settings' variables that a shell exports after reading the file."""
    (folder / "environment").write_text(text, encoding="utf-8")
    printed = subprocess.run(
        ["sh", "-c", "set -a; . ./environment; env -0"],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    pairs = [pair.split("=", 1) for pair in printed.stdout.split("\0") if pair]
    return {name: value for name, value in pairs if name in _read_from_environment()}


def _filled_in(example: str) -> str:
    for name, value in NEEDED.items():
        example, count = re.subn(rf"(?m)^{name}=$", f"{name}={value}", example)
        assert count == 1, f"{name} is not empty in .env.example"
    return example


def test_example_environment_and_settings_name_the_same_variables():
    names = re.findall(r"(?m)^([A-Z][A-Z0-9_]+)=", EXAMPLE.read_text(encoding="utf-8"))

    assert sorted(names) == sorted(_read_from_environment())


def test_table_of_variables_and_settings_name_the_same_variables():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = text.split("\n## Environment\n")[1].split("\n## ")[0]
    rows = re.findall(r"(?m)^\| (`[^|]+`) \|", section)
    names = [name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)]

    assert sorted(names) == sorted(_read_from_environment())


def test_example_environment_with_three_values_has_all_defaults(tmp_path):
    text = _filled_in(EXAMPLE.read_text(encoding="utf-8"))
    from_systemd = _read_by_systemd(text)
    from_shell = _read_by_shell(text, tmp_path)
    assert from_systemd == from_shell
    assert set(from_systemd) == _read_from_environment()

    expected = _settings_of(PORTAL_MODE="production", **NEEDED)

    assert _settings_of(**from_systemd) == expected


def test_example_environment_with_three_values_passes_all_checks():
    text = _filled_in(EXAMPLE.read_text(encoding="utf-8"))

    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **_read_by_systemd(text)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr


def test_empty_variable_takes_its_default():
    names = _read_from_environment()
    assert {"PORTAL_VAR", "MEDIA_ROOT", "NUM_PROXIES", "API_RATE"} <= names

    local = _settings_of()
    production = _settings_of(PORTAL_MODE="production", **NEEDED)

    for empty in ("", " ", "\t \n"):
        blank = dict.fromkeys(names, empty)
        assert _settings_of(**blank) == local
        environment = {**blank, "PORTAL_MODE": "production", **NEEDED}
        assert _settings_of(**environment) == production


def test_malformed_variable_is_refused_in_one_line(subtests):
    malformed = {
        "PORTAL_MODE": "staging",
        "NUM_PROXIES": "abc",
        "JOBS_EAGER": "maybe",
        "SECURE_SSL_REDIRECT": "2",
        "SECOND_FACTOR_REQUIRED": "yes please",
        "FOUR_EYES": "none",
        "LOG_LEVEL": "loud",
        "API_RATE": "600",
    }
    for name, value in malformed.items():
        with subtests.test(name):
            line = _refusal(**{name: value})
            assert line.startswith(f"{name} is {value!r}; set it to ")
    for value in ("-1", "1.5", "９", "9" * 10):
        with subtests.test(value):
            assert f"NUM_PROXIES is {value!r}; set" in _refusal(NUM_PROXIES=value)
    for value in ("0/min", "600/", "600/year", "six/min", "600/min,1/s"):
        with subtests.test(value):
            assert f"API_RATE is {value!r}; set" in _refusal(API_RATE=value)


def test_malformed_address_is_refused_without_its_password(subtests):
    malformed = {
        "DATABASE_URL": (
            "sample-secret",
            "mysql://portal:sample-secret@localhost/portal",
            "postgresql://portal:sample-secret/@localhost:5432/portal",
            "postgresql://portal:sample-secret@localhost:5432",
        ),
        "REDIS_URL": (
            "sample-secret:6379",
            "http://:sample-secret@localhost:6379/0",
            "redis://:sample-secret@localhost:port/0",
        ),
        "EMAIL_URL": (
            "sample-secret",
            "mail://office:sample-secret@localhost:587",
            "smtp://office:sample-secret/@localhost:587",
        ),
    }
    for name, values in malformed.items():
        for value in values:
            with subtests.test(f"{name}={value}"):
                line = _refusal(**{name: value})
                assert line.startswith(f"{name} cannot be read; write ")
                assert "sample-secret" not in line


def test_refusal_of_an_address_prints_no_part_of_its_password():
    """The traceback of the library's own error has none of it either."""
    environment = {
        **NEEDED,
        "DATABASE_URL": "postgresql://portal:sample/@localhost/portal",
    }

    result = started("import portal.settings", **PRODUCTION, **environment)

    assert "ImproperlyConfigured: DATABASE_URL cannot be read" in result.stderr
    assert "sample" not in result.stderr


def test_values_are_read_as_they_are_written():
    """Also a value beginning with $, which the library would look up as a variable."""
    values = _settings_of(
        PORTAL_MODE="Production",
        **{**NEEDED, "SECRET_KEY": "$" + NEEDED["SECRET_KEY"]},
        SECRET_KEY_FALLBACKS="$short, with space",
        SECURE_SSL_REDIRECT="No",
        FOUR_EYES="0",
        JOBS_EAGER="on",
        NUM_PROXIES=" 2 ",
        LOG_LEVEL="debug",
        API_RATE="10/second",
        CSRF_TRUSTED_ORIGINS="https://a.example, https://b.example,",
    )

    assert values["PORTAL_MODE"] == "production"
    assert values["SECRET_KEY"] == "$" + NEEDED["SECRET_KEY"]
    quoted = "$short, with space"
    assert values["SECRET_KEY_FALLBACKS"] == [
        "$short",
        "with space",
        " with space",
        quoted,
    ]
    names = ("SECURE_SSL_REDIRECT", "TWO_PERSON_APPROVAL", "JOBS_EAGER", "NUM_PROXIES")
    assert [values[name] for name in names] == [False, False, True, 2]
    assert values["LOG_LEVEL"] == "DEBUG"
    assert values["CSRF_TRUSTED_ORIGINS"] == ["https://a.example", "https://b.example"]


def test_relative_folders_begin_at_the_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    values = _settings_of(
        **{**PRODUCTION, **NEEDED, "PORTAL_VAR": "data", "MEDIA_ROOT": "data/uploads"}
    )

    assert values["PORTAL_VAR"] == ROOT / "data"
    assert values["MEDIA_ROOT"] == ROOT / "data" / "uploads"
    assert values["STATIC_ROOT"] == ROOT / "data" / "static"


def test_make_run_and_settings_use_the_same_folder(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "deploy"))
    run_local = importlib.import_module("run_local")
    for text in ("", "  ", "data", "/srv/data"):
        monkeypatch.setenv("PORTAL_VAR", text)
        values = _settings_of(PORTAL_MODE="production", **NEEDED, PORTAL_VAR=text)
        assert values["PORTAL_VAR"] == run_local.get_var_folder()


# ----------------------------------------------------- secret key and allowed hosts


def _refusal(**environment: str) -> str:
    """Return the one line with which production refuses the environment."""
    with pytest.raises(ImproperlyConfigured) as refusal:
        _settings_of(**{"PORTAL_MODE": "production", **NEEDED, **environment})
    (line,) = str(refusal.value).splitlines()
    return line


def test_production_refuses_a_weak_secret_key(subtests):
    weak = {
        "office-key": "has 10 characters, production needs 50 or more",
        NEEDED["SECRET_KEY"][:49]: "has 49 characters",
        "abcd" * 20: "has fewer than 5 different characters",
        "django-insecure-" + NEEDED["SECRET_KEY"]: "begins with django-insecure-",
    }
    for key, problem in weak.items():
        with subtests.test(key):
            line = _refusal(SECRET_KEY=key)
            assert f"SECRET_KEY {problem}" in line
            remedy = (
                "token_urlsafe(60)",
                "SECRET_KEY_FALLBACKS",
                "seal_second_factors",
            )
            assert [word for word in remedy if word not in line] == []
            assert key not in line


def test_short_key_is_accepted_as_a_fallback(settings):
    """``check --deploy`` accepts it too."""
    values = _settings_of(
        PORTAL_MODE="production", **NEEDED, SECRET_KEY_FALLBACKS="office-key,x"
    )
    assert {"office-key", "x"} <= set(values["SECRET_KEY_FALLBACKS"])

    # Those of the checks of security that production sets.
    prefixes = ("SECURE_", "SECRET_", "SESSION_", "CSRF_", "SILENCED_")
    names = [name for name in values if name.startswith(prefixes)]
    for name in [*names, "ALLOWED_HOSTS"]:
        setattr(settings, name, values[name])
    call_command("check", deploy=True, fail_level="WARNING", tags=["security"])


def test_production_refuses_hosts_that_match_everything_or_nothing(subtests):
    for text, host in (
        ("*", "*"),
        ("portal.example, *", "*"),
        ("*.portal.example", "*.portal.example"),
        ("https://portal.example", "https://portal.example"),
        ("portal.example:443", "portal.example:443"),
        ("[::1]:8000", "[::1]:8000"),
    ):
        with subtests.test(text):
            line = _refusal(ALLOWED_HOSTS=text)
            assert f"ALLOWED_HOSTS contains {host!r}: name each host" in line


def test_production_accepts_hosts_with_subdomains():
    hosts = ".portal.example, portal.example,[::1],127.0.0.1"

    values = _settings_of(
        PORTAL_MODE="production", **{**NEEDED, "ALLOWED_HOSTS": hosts}
    )

    assert values["ALLOWED_HOSTS"] == [host.strip() for host in hosts.split(",")]


def test_local_mode_accepts_any_key_and_host():
    values = _settings_of(SECRET_KEY="short", ALLOWED_HOSTS="*")

    assert (values["SECRET_KEY"], values["ALLOWED_HOSTS"]) == ("short", ["*"])


def test_only_the_settings_read_the_environment():
    """Except the entry points, which choose the mode before the settings load."""
    entries = {"wsgi.py", "asgi.py", "celery.py", "settings.py"}
    readers = {
        path.relative_to(ROOT).as_posix()
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
    }

    assert readers - {f"portal/{name}" for name in entries} == set()


# ---------------------------------------------------------------------- headers


def _directives(response) -> dict[str, list[str]]:
    parts = response["Content-Security-Policy"].split(";")
    return {part.split()[0]: part.split()[1:] for part in parts if part.strip()}


def _check_headers(response) -> None:
    assert _directives(response) == CSP
    assert {name: response.get(name) for name in HEADERS} == HEADERS


def test_public_address_has_the_strict_headers(address, client):
    with collect_failures() as failures:
        for route, row in PUBLIC.items():
            with failures.isolated_case(route):
                _check_headers(opened(client, address(row.example)))


STAFF_AND_ERRORS = (
    "/accounts/login/",
    "/admin/",
    "/admin/conference/article/",
    "/admin/conference/article/add/",
    "/en/no-such-page/",
    "/api/v1/no-such-thing/",
    "/en/news/?year=never",
)


@pytest.mark.django_db
def test_staff_and_error_pages_have_the_strict_headers(admin_client):
    with collect_failures() as failures:
        for path in STAFF_AND_ERRORS:
            with failures.isolated_case(path):
                _check_headers(admin_client.get(path))


def test_content_security_policy_forbids_inline():
    policy = settings.CONTENT_SECURITY_POLICY
    allowed = {word for lines in policy["DIRECTIVES"].values() for word in lines}

    assert not {"'unsafe-inline'", "'unsafe-eval'"} & {str(word) for word in allowed}
    assert "CONTENT_SECURITY_POLICY_REPORT_ONLY" not in dir(settings)


def test_psycopg_3_is_not_installed():
    """Django would silently prefer it to psycopg2, which the portal uses."""
    assert importlib.util.find_spec("psycopg") is None
    assert importlib.util.find_spec("psycopg2") is not None
