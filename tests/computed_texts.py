"""Fixture: texts computed from the message catalogues are computed again for others.

The portal caches them for the life of a process, because new catalogues are loaded only
on restart. Tests use other catalogues.
"""

import sys
from collections.abc import Iterator

import pytest
from django.core.signals import setting_changed

from tests.project.source_tree import APPS


@pytest.fixture(autouse=True, scope="session")
def computed_texts() -> Iterator[None]:
    """Empty all caches of functions when the folders of the catalogues change."""
    setting_changed.connect(_clear_function_caches)
    yield
    setting_changed.disconnect(_clear_function_caches)


def _clear_function_caches(*, setting: str, **_signal) -> None:
    if setting != "LOCALE_PATHS":
        return
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in APPS:
            for function in list(vars(module).values()):
                if hasattr(function, "cache_clear"):
                    function.cache_clear()
