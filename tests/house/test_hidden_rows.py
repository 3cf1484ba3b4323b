"""Addresses of one row answer the same to who may not see it, is there one or not."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType

from tests.house.addresses import ADMIN, ADMIN_MODELS, EXTRA_MODEL_ROUTES, MODEL_ROUTES
from tests.house.desk_world import model_of, text
from tests.house.roles import ROLES, sees

pytestmark = pytest.mark.django_db
MISSING = 987654321
NOBODY = "nobody"
# In these lists a person sees some rows only; the row made here is about a seminar.
BY_ROW = {"publishing/importbatch": {"editor"}, "publishing/proposal": set(ROLES[:3])}


def is_hidden(role: str, name: str) -> bool:
    if role == NOBODY:
        return True
    if name in BY_ROW:
        return role not in BY_ROW[name]
    return not sees(role, name)


def routes_of(name: str) -> list[str]:
    """The addresses of one row, with {pk} for its key."""
    routes = MODEL_ROUTES | EXTRA_MODEL_ROUTES.get(name, set())
    found = {f"/admin/{name}/{route}" for route in routes}
    found |= {f"/{route}" for route in ADMIN if route.startswith(f"admin/{name}/")}
    filled = {re.sub(r"<(?:int|path):(?:pk|object_id)>", "{pk}", one) for one in found}
    type_of_row = ContentType.objects.get_for_model(model_of(name)).pk
    filled.add(f"/admin/r/{type_of_row}/{{pk}}/")
    return sorted(one.replace("<str:form>", "csv") for one in filled if "{pk}" in one)


def answer(client, method: str, route: str, pk) -> tuple:
    path = route.format(pk=pk)
    response = getattr(client, method)(path, {"post": "yes"})
    # A page names its own address, and "<pk>/" redirects to "<pk>/change/".
    said = text(response).replace(path, route)
    return response.status_code, response.get("Location", "").replace(path, route), said


def test_every_route_of_a_row_is_walked():
    routes = {name: routes_of(name) for name in ADMIN_MODELS}

    assert all(len(found) >= 5 for found in routes.values())
    assert "/admin/seminars/seminar/{pk}/copy/" in routes["seminars/seminar"]
    assert "/admin/files/storedfile/{pk}/download/" in routes["files/storedfile"]
    assert "/admin/accounts/user/{pk}/access/" in routes["accounts/user"]
    assert (
        "/admin/publishing/importbatch/{pk}/undo/" in (routes["publishing/importbatch"])
    )


@pytest.mark.parametrize("role", [*ROLES, NOBODY])
def test_hidden_row_is_like_a_missing_one(role, signed_in, desk):
    client = signed_in(role)
    different, walked = [], 0
    for name in ADMIN_MODELS:
        if not is_hidden(role, name):
            continue
        pk = desk[name].pk
        assert model_of(name).objects.filter(pk=pk).exists()
        for route in routes_of(name):
            for method in ("get", "post") if role in (NOBODY, "liaison") else ("get",):
                there = answer(client, method, route, pk)
                missing = answer(client, method, route, MISSING)
                walked += 1
                if there != missing:
                    different.append((method, route, there[:2], missing[:2]))

    assert different == []
    assert walked > 50
    for name in ADMIN_MODELS:
        if is_hidden(role, name):
            assert model_of(name).objects.filter(pk=desk[name].pk).exists()
