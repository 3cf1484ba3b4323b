"""Allowed imports: the contracts of pyproject.toml and further rules."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.project.source_tree import APPS, ROOT, imported, name_of, python_files

RULES = {"models", "querysets", "operations", "choices"}
API_AND_CELERY = ("rest_framework", "drf_spectacular", "celery")
DOMAINS = (*(app for app in APPS if app != "portal"), "portal.conference")
# Only these modules of portal/ may import a domain app.
DOMAIN_IMPORTERS = {"urls.py", "management", "samples", "conference"}


def test_import_contracts_hold():
    command = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout + result.stderr


def test_import_contracts_cover_every_own_app():
    with (ROOT / "pyproject.toml").open("rb") as stream:
        linter = tomllib.load(stream)["tool"]["importlinter"]

    assert sorted(linter["root_packages"]) == sorted(APPS)
    assert {contract["id"] for contract in linter["contracts"]} >= {
        "apps",
        "content",
        "core",
        "cycles",
        "domains",
        "portal",
        "project",
        "reference",
        "rules",
    }
    assert not any(contract.get("ignore_imports") for contract in linter["contracts"])


def _is_rule(path: Path) -> bool:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return bool(RULES & set(parts))


def test_models_and_operations_import_neither_api_nor_celery():
    wrong = [
        f"{name_of(path)}:{line} {name}"
        for path in python_files(*APPS)
        if _is_rule(path)
        for line, name in imported(path)
        if name.split(".")[0] in API_AND_CELERY
    ]

    assert wrong == []


def _is_shared(path: Path) -> bool:
    parts = path.relative_to(ROOT / "portal").parts
    return parts[0] not in DOMAIN_IMPORTERS


def test_shared_apps_do_not_import_domain_apps():
    wrong = [
        f"{name_of(path)}:{line} {name}"
        for path in python_files("portal")
        if _is_shared(path)
        for line, name in imported(path)
        if any(name == d or name.startswith(f"{d}.") for d in DOMAINS)
    ]

    assert wrong == []
