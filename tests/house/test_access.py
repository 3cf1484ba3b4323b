"""Every address × every role. The table is in ``tests.house.addresses``."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import LocalePrefixPattern, URLPattern, get_resolver

from portal.accounts.models import User
from tests.factories import publishing as states
from tests.house.addresses import (
    ADMIN,
    ADMIN_MODELS,
    BEFORE_SIGN_IN,
    EXPORTED,
    EXTRA_MODEL_ROUTES,
    MODEL_ROUTES,
    PUBLIC,
    opened,
)
from tests.signing_in import confirmed, give_password

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "outsider", "clerk", "superuser")
WRITING = ("post", "put", "patch", "delete", "trace")
TABLE = "tests/house/addresses.py"


def _routes(patterns, before="") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        is_language = isinstance(pattern.pattern, LocalePrefixPattern)
        route = before + ("<lang>/" if is_language else str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from _routes(pattern.url_patterns, route)


def _model_routes() -> set[str]:
    return {
        f"admin/{model}/{route}"
        for model in ADMIN_MODELS
        for route in MODEL_ROUTES | EXTRA_MODEL_ROUTES.get(model, set())
    }


def _is_app_index(route: str) -> bool:
    return route.startswith("admin/^(?P<app_label>")


@pytest.fixture
def clients() -> dict[str, Client]:
    """A client for each role; CSRF is checked as it is for a browser."""
    users = {
        "outsider": User.objects.create_user("sample.outsider"),
        "clerk": states.staff(),
        "superuser": states.staff("sample.chief", is_superuser=True),
    }
    found = {role: Client(enforce_csrf_checks=True) for role in ROLES}
    for role, user in users.items():
        confirmed(found[role], user)
    return found


def test_every_address_is_in_the_table():
    routes = [route for route, _pattern in _routes(get_resolver().url_patterns)]
    known = {*PUBLIC, *ADMIN, *_model_routes()}
    unlisted = {r for r in routes if r not in known and not _is_app_index(r)}

    assert not unlisted, f"Say in {TABLE} who may open: {sorted(unlisted)}"
    assert known - set(routes) == set(), f"Gone: take them out of {TABLE}"


def test_only_public_addresses_are_opened():
    """A view is open by name only: ``login_not_required`` on it and nowhere else."""
    opened = {
        route
        for route, pattern in _routes(get_resolver().url_patterns)
        if not getattr(pattern.callback, "login_required", True)
    }

    assert opened == {*PUBLIC, *BEFORE_SIGN_IN}


@pytest.mark.parametrize("route", PUBLIC)
def test_public_address_answers_everyone_alike(route, address, clients):
    expected = PUBLIC[route].status

    statuses = {
        role: opened(client, address(PUBLIC[route].example)).status_code
        for role, client in clients.items()
    }

    assert statuses == dict.fromkeys(ROLES, expected)


@pytest.mark.parametrize("route", PUBLIC)
def test_public_address_takes_no_other_method(route, address, clients):
    """405 for everyone. OPTIONS may tell which methods there are, and no more."""
    example = address(PUBLIC[route].example)
    is_form = PUBLIC[route].is_form

    refused = {
        (role, method): getattr(client, method)(example).status_code
        for role, client in clients.items()
        for method in WRITING
        if not (is_form and method == "post")
    }
    options = clients["superuser"].options(example)

    assert set(refused.values()) == {405}, refused
    assert options.status_code in (200, 405)
    taken = "GET, POST, HEAD" if is_form else "GET, HEAD"
    assert options["Allow"] in (taken, f"{taken}, OPTIONS")


@pytest.mark.parametrize("route", ADMIN)
def test_admin_address_is_for_staff(route, clients):
    example = "/" + route.replace("(?P<url>.*)$", "no-such-thing/")
    example = re.sub(r"<(path|int|str|slug):\w+>", "0", example)

    statuses = [clients[role].get(example).status_code for role in ROLES]

    assert statuses == list(ADMIN[route])


def test_admin_sends_to_its_own_sign_in(clients):
    response = clients["anonymous"].get("/admin/people/person/")

    assert response["Location"] == "/accounts/login/?next=/admin/people/person/"


@pytest.mark.parametrize("model", ADMIN_MODELS)
def test_changelist_needs_the_permission(model, clients):
    statuses = [clients[role].get(f"/admin/{model}/").status_code for role in ROLES]

    assert statuses == [302, 403, 403, 200]


@pytest.mark.parametrize("model", ADMIN_MODELS)
def test_form_for_a_new_row_needs_the_permission(model, clients):
    may_add = 200 if "add" in ADMIN_MODELS[model] else 403

    statuses = [clients[role].get(f"/admin/{model}/add/").status_code for role in ROLES]

    assert statuses == [302, 403, 403, may_add]


@pytest.mark.parametrize("model", EXPORTED)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_taking_a_list_out_needs_the_permission(model, form, clients):
    example = f"/admin/{model}/export/{form}/"

    statuses = [opened(clients[role], example).status_code for role in ROLES]

    assert statuses == [302, 403, 403, 200]


@pytest.mark.parametrize("model", ADMIN_MODELS)
@pytest.mark.parametrize("route", ["", "change/", "delete/", "history/"])
def test_row_is_for_staff(model, route, clients):
    """There is no such row; who may not see rows of the kind is told nothing else."""
    example = f"/admin/{model}/999999/{route}"

    statuses = [clients[role].get(example).status_code for role in ROLES]

    assert statuses[:2] == [302, 403]
    # ``<model>/<id>/`` sends on to ``change/``, which asks for the permission.
    assert statuses[2] in ((302,) if route == "" else (302, 403)), statuses
    is_refused = route == "delete/" and "delete" not in ADMIN_MODELS[model]
    assert statuses[3] == (403 if is_refused else 302)


@pytest.mark.parametrize("app", sorted({m.split("/")[0] for m in ADMIN_MODELS}))
def test_app_index_is_for_staff_with_permissions(app, clients):
    statuses = [clients[role].get(f"/admin/{app}/").status_code for role in ROLES]

    assert statuses == [302, 403, 404, 200]


def test_system_actor_cannot_sign_in():
    actor = states.actor()

    assert authenticate(username=actor.username, password="!") is None
    assert authenticate(username=actor.username, password="") is None
    assert not actor.has_usable_password()
    assert not actor.is_active


@pytest.mark.parametrize("field", ["is_active", "is_staff", "is_superuser"])
def test_system_actor_can_never_be_made_a_person(field):
    states.actor()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(is_actor=True).update(**{field: True})


def test_session_of_a_system_actor_opens_nothing(client):
    client.force_login(states.actor())

    assert client.get("/admin/").status_code in (302, 403)


def test_session_ends_with_the_account(client):
    clerk = states.staff()
    client.force_login(clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)

    assert client.get("/admin/").status_code in (302, 403)


@pytest.mark.parametrize(
    "path",
    ["/accounts/signup/", "/accounts/register/", "/admin/signup/", "/en/signup/"],
)
def test_nobody_signs_themselves_up(path, client):
    response = client.get(path)

    assert response.status_code in (302, 404)
    door = response.get("Location", "/accounts/login/")
    assert door.startswith("/accounts/login/")


def test_sign_in_refuses_people_who_are_no_staff(client):
    User.objects.create_user("sample.outsider", password="sample-password")

    response = give_password(client, "sample.outsider")

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
