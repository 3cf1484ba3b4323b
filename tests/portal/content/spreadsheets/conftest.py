"""Fixtures of the tests of imports and exports."""

import pytest
from django.utils.module_loading import import_string

from portal.content.spreadsheets import reading


@pytest.fixture(autouse=True)
def no_subprocess(monkeypatch):
    """Read workbooks in this process: faster, and coverage is measured.

    ``test_xlsx_process.py`` uses the real subprocess.
    """

    def call(function, content, *arguments, **limits):
        return import_string(function)(content.read(), *arguments)

    monkeypatch.setattr(reading, "run_sandboxed", call)
