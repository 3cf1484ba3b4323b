"""Who may import whom: the contracts of pyproject.toml, and rules beside them."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.tree import APPS, ROOT, imported, name_of, python_files

RULES = {"models", "querysets", "operations", "choices"}
DOORS = ("rest_framework", "drf_spectacular", "celery")
DOMAINS = ("exchanges", "seminars", "delegations", "portal.conference")
# The roof gathers the domains; nothing else of portal/ may name one.
ROOF = {"urls.py", "views.py", "management", "conference"}


def test_import_contracts_are_kept():
    command = Path(sys.executable).with_name("lint-imports")

    told = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert told.returncode == 0, told.stdout + told.stderr


def test_contracts_cover_every_installed_app_of_ours():
    with (ROOT / "pyproject.toml").open("rb") as stream:
        linter = tomllib.load(stream)["tool"]["importlinter"]

    assert sorted(linter["root_packages"]) == sorted(APPS)
    assert {contract["id"] for contract in linter["contracts"]} >= {
        "house",
        "portal",
        "rooms",
        "rules",
    }
    assert not any(contract.get("ignore_imports") for contract in linter["contracts"])


def _is_rule(path: Path) -> bool:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return bool(RULES & set(parts))


def test_rules_know_neither_the_api_nor_the_broker():
    found = [
        f"{name_of(path)}:{line} {name}"
        for path in python_files(*APPS)
        if _is_rule(path)
        for line, name in imported(path)
        if name.split(".")[0] in DOORS
    ]

    assert found == []


def _is_kernel(path: Path) -> bool:
    parts = path.relative_to(ROOT / "portal").parts
    return parts[0] not in ROOF


def test_kernel_does_not_import_a_domain():
    found = [
        f"{name_of(path)}:{line} {name}"
        for path in python_files("portal")
        if _is_kernel(path)
        for line, name in imported(path)
        if any(name == d or name.startswith(f"{d}.") for d in DOMAINS)
    ]

    assert found == []
