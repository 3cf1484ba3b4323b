"""Pytest plugin: ``--quick`` runs the tests that need no database.

It is for a first look after each change (``make test-quick``); ``make test`` runs all.
"""

import pytest

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "rows_of_module"}
SLOW_MARKERS = ("browser", "nu", "nginx", "worker", "slow")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick", action="store_true", help="only fast tests without a database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list) -> None:
    if not config.getoption("quick"):
        return
    slow = [item for item in items if not _is_quick(item)]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if _is_quick(item)]


def _is_quick(item: pytest.Item) -> bool:
    if any(item.get_closest_marker(name) for name in SLOW_MARKERS):
        return False
    return not uses_database(item)


def uses_database(item: pytest.Item) -> bool:
    fixtures = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures)
