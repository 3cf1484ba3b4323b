"""How `make run` starts the server."""

import importlib

from gunicorn.config import Config

from tests.house.tree import ROOT


def test_server_leaves_a_long_address_to_the_portal(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "deploy"))
    module, app, *arguments = importlib.import_module("serving").GUNICORN[1:]

    read = Config().parser().parse_args([*arguments, app])

    assert (module, app) == ("gunicorn", "portal.wsgi")
    assert read.limit_request_line == 0
