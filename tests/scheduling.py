"""Pytest plugin: with several processes, give each one whole files of tests.

Rows that the tests of a module share are then created once. Files in ``tests/project``
take longest and come first; tests that empty the tables come last, because other tests
rely on rows that the migrations create. Of these the accessibility of all pages takes
longest: begun last, it would keep one process busy after the others have ended.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

LONGEST = ("tests/project/", "tests/browser/test_pages.py")


class FileScheduling(LoadScopeScheduling):
    """Distribute runs of tests of one file, in the order in which they were collected.

    The tests of a file that empty the tables are a run of their own.
    """

    def schedule(self) -> None:
        if self.collection is None:
            self._scopes = scopes(next(iter(self.registered_collections.values())))
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return self._scopes[nodeid]


def scopes(nodeids: list[str]) -> dict[str, str]:
    """Return the run to which each test belongs: its file, and where the run begins."""
    result, file, scope = {}, "", ""
    for position, nodeid in enumerate(nodeids):
        if nodeid.split("::")[0] != file:
            file = nodeid.split("::")[0]
            scope = f"{file}:{position}"
        result[nodeid] = scope
    return result


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log) -> FileScheduling | None:
    if config.getvalue("dist") != "load":
        return None
    config.option.loadscopereorder = False
    return FileScheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The order is random otherwise.
    items.sort(
        key=lambda item: (empties_tables(item), not item.nodeid.startswith(LONGEST))
    )


def empties_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server", "celery_worker_process"}
    return bool(
        (marker and marker.kwargs.get("transaction"))
        or fixtures & set(getattr(item, "fixturenames", ()))
    )
