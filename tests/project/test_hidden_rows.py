"""For a user who may not view a row, it is indistinguishable from a missing one."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType

from tests.project.role_table import ROLES, sees
from tests.project.staff_dataset import model_of, text
from tests.project.url_table import (
    ADMIN,
    ADMIN_MODELS,
    EXTRA_MODEL_ROUTES,
    MODEL_ROUTES,
)

pytestmark = pytest.mark.django_db
MISSING = 987654321
WITHOUT_ROLE = "nobody"
# Models of which roles may view some rows only; the row made here is of a seminar.
BY_ROW = {"publishing/importbatch": {"editor"}, "publishing/proposal": set(ROLES[:3])}


# The pages that Django's admin has for a row of any model.
COMMON = re.compile(
    r"/admin/(\w+/\w+/\{pk\}/(history/|delete/|change/)?|r/\d+/\{pk\}/)$"
)


def is_hidden(role: str, name: str) -> bool:
    if role == WITHOUT_ROLE:
        return True
    if name in BY_ROW:
        return role not in BY_ROW[name]
    return not sees(role, name)


def routes_of(name: str) -> list[str]:
    """Return the addresses of one row, with {pk} for its key."""
    routes = MODEL_ROUTES | EXTRA_MODEL_ROUTES.get(name, set())
    paths = {f"/admin/{name}/{route}" for route in routes}
    paths |= {f"/{route}" for route in ADMIN if route.startswith(f"admin/{name}/")}
    paths = {re.sub(r"<(?:int|path):(?:pk|object_id)>", "{pk}", p) for p in paths}
    type_of_row = ContentType.objects.get_for_model(model_of(name)).pk
    paths.add(f"/admin/r/{type_of_row}/{{pk}}/")
    return sorted(p.replace("<str:form>", "csv") for p in paths if "{pk}" in p)


def routes_in_turn(role: str, name: str) -> list[str]:
    """Return all routes of a row for users without a role, for others a part of them.

    Django's own five pages of a row check the same permission. The roles from which the
    model is hidden share them: each page is walked by one role or more.
    """
    routes = routes_of(name)
    if role == WITHOUT_ROLE:
        return routes
    common = [route for route in routes if COMMON.match(route)]
    hidden_from = [other for other in ROLES if is_hidden(other, name)]
    position = hidden_from.index(role) % len(common)
    chosen = common[position :: len(hidden_from)]
    return [route for route in routes if route not in common or route in chosen]


def answer(client, method: str, route: str, pk) -> tuple:
    path = route.format(pk=pk)
    response = getattr(client, method)(path, {"post": "yes"})
    # A page contains its own address, and "<pk>/" redirects to "<pk>/change/".
    content = text(response).replace(path, route)
    location = response.get("Location", "").replace(path, route)
    return response.status_code, location, content


def test_every_route_of_a_row_is_walked():
    routes = {name: routes_of(name) for name in ADMIN_MODELS}

    for name, paths in routes.items():
        hidden_from = [role for role in ROLES if is_hidden(role, name)]
        walked = {route for role in hidden_from for route in routes_in_turn(role, name)}
        assert walked in (set(), set(paths)), name
    assert all(len(paths) >= 5 for paths in routes.values())
    assert all(len(list(filter(COMMON.match, paths))) == 5 for paths in routes.values())
    assert "/admin/seminars/seminar/{pk}/copy/" in routes["seminars/seminar"]
    assert "/admin/files/storedfile/{pk}/download/" in routes["files/storedfile"]
    assert "/admin/accounts/user/{pk}/access/" in routes["accounts/user"]
    assert (
        "/admin/publishing/importbatch/{pk}/undo/" in (routes["publishing/importbatch"])
    )


@pytest.mark.parametrize("role", [*ROLES, WITHOUT_ROLE])
def test_hidden_row_is_like_a_missing_one(role, signed_in, staff_rows):
    client = signed_in(role)
    different, walked = [], 0
    for name in ADMIN_MODELS:
        if not is_hidden(role, name):
            continue
        pk = staff_rows[name].pk
        assert model_of(name).objects.filter(pk=pk).exists()
        for route in routes_in_turn(role, name):
            for method in (
                ("get", "post") if role in (WITHOUT_ROLE, "liaison") else ("get",)
            ):
                there = answer(client, method, route, pk)
                missing = answer(client, method, route, MISSING)
                walked += 1
                if there != missing:
                    different.append((method, route, there[:2], missing[:2]))

    assert different == []
    assert walked > (300 if role == WITHOUT_ROLE else 10)
    for name in ADMIN_MODELS:
        if is_hidden(role, name):
            assert model_of(name).objects.filter(pk=staff_rows[name].pk).exists()
