"""Access to every address by role. The table is in ``tests.project.url_table``."""

import re
from contextlib import nullcontext
from itertools import product

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import Client

from portal.core.accounts.models import User
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.url_table import (
    ADMIN,
    ADMIN_MODELS,
    BEFORE_SIGN_IN,
    EXPORTED,
    EXTRA_MODEL_ROUTES,
    MODEL_ROUTES,
    PUBLIC,
    RECORD_MODELS,
    opened,
    routes,
)
from tests.sign_in import confirmed, give_password
from tests.unrendered_pages import unrendered

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "outsider", "clerk", "superuser")
WRITING = ("post", "put", "patch", "delete", "trace")
TABLE = "tests/project/url_table.py"


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
    """A client for each role, with CSRF checks as for a browser."""
    users = {
        "outsider": User.objects.create_user("sample.outsider"),
        "clerk": states.staff(),
        "superuser": states.staff("sample.chief", is_superuser=True),
    }
    by_role = {role: Client(enforce_csrf_checks=True) for role in ROLES}
    for role, user in users.items():
        confirmed(by_role[role], user)
    return by_role


def test_every_url_pattern_is_in_url_table():
    existing = [route for route, _pattern in routes()]
    known = {*PUBLIC, *ADMIN, *_model_routes()}
    unlisted = {r for r in existing if r not in known and not _is_app_index(r)}

    assert not unlisted, f"Add to {TABLE} who may open: {sorted(unlisted)}"
    assert known - set(existing) == set(), f"Remove from {TABLE}: no such address"


def test_only_listed_views_are_exempt_from_login():
    """Only views marked ``login_not_required`` are open, and each is in the table."""
    opened = {
        route
        for route, pattern in routes()
        if not getattr(pattern.callback, "login_required", True)
    }

    assert opened == {*PUBLIC, *BEFORE_SIGN_IN}


def test_public_url_answers_every_role_alike(address, clients):
    """That the page of a signed-in user has the same text is tested in
    test_http_caching."""
    with collect_failures() as failures:
        for route, row in PUBLIC.items():
            with failures.isolated_case(route):
                # A PDF is typeset from the HTML of a page.
                is_pdf = route.endswith("/print/")
                with nullcontext() if is_pdf else unrendered():
                    statuses = {
                        role: opened(client, address(row.example)).status_code
                        for role, client in clients.items()
                    }
                assert statuses == dict.fromkeys(ROLES, row.status)


def test_public_url_rejects_other_methods(address, clients):
    """405 for every role; OPTIONS may list the allowed methods and nothing else."""
    with collect_failures() as failures:
        for route, row in PUBLIC.items():
            with failures.isolated_case(route):
                _check_methods(address(row.example), row.is_form, clients)


def _check_methods(path: str, is_form: bool, clients: dict[str, Client]) -> None:
    refused = {
        (role, method): getattr(client, method)(path).status_code
        for role, client in clients.items()
        for method in WRITING
        if not (is_form and method == "post")
    }
    options = clients["superuser"].options(path)

    assert set(refused.values()) == {405}, refused
    assert options.status_code in (200, 405)
    allowed = "GET, POST, HEAD" if is_form else "GET, HEAD"
    assert options["Allow"] in (allowed, f"{allowed}, OPTIONS")


def _statuses(clients: dict[str, Client], path: str) -> list[int]:
    """Return the status for each role; that the pages can be rendered is tested by
    test_role_permissions, test_admin_forms and test_query_budgets."""
    with unrendered():
        return [opened(clients[role], path).status_code for role in ROLES]


def test_admin_url_requires_staff(clients):
    with collect_failures() as failures:
        for route, expected in ADMIN.items():
            path = "/" + route.replace("(?P<url>.*)$", "no-such-thing/")
            path = re.sub(r"<(path|int|str|slug):\w+>", "0", path)
            with failures.isolated_case(route):
                assert _statuses(clients, path) == list(expected)


def test_admin_redirects_anonymous_to_login(clients):
    response = clients["anonymous"].get("/admin/people/person/")

    assert response["Location"] == "/accounts/login/?next=/admin/people/person/"


def test_changelist_needs_the_permission(clients):
    with collect_failures() as failures:
        for model in ADMIN_MODELS:
            with failures.isolated_case(model):
                assert _statuses(clients, f"/admin/{model}/") == [302, 403, 403, 200]


def test_add_form_requires_add_permission(clients):
    with collect_failures() as failures:
        for model, actions in ADMIN_MODELS.items():
            with failures.isolated_case(model):
                may_add = 200 if "add" in actions else 403
                statuses = _statuses(clients, f"/admin/{model}/add/")
                assert statuses == [302, 403, 403, may_add]


def test_export_requires_permission(clients):
    with collect_failures() as failures:
        for model, form in product(
            EXPORTED, ("xlsx", "csv", "people/xlsx", "people/csv")
        ):
            with failures.isolated_case(model, form):
                statuses = _statuses(clients, f"/admin/{model}/export/{form}/")
                assert statuses == [302, 403, 403, 200]


def test_missing_row_urls_reveal_nothing_without_permission(clients):
    """Of a missing row, staff without permission learn nothing."""
    with collect_failures() as failures:
        for model, route in product(
            ADMIN_MODELS, ("", "change/", "delete/", "history/")
        ):
            with failures.isolated_case(model, route):
                statuses = _statuses(clients, f"/admin/{model}/999999/{route}")
                assert statuses[:2] == [302, 403]
                # ``<model>/<id>/`` redirects to ``change/``, which checks permission.
                assert statuses[2] in ((302,) if route == "" else (302, 403)), statuses
                has_delete = "delete" in ADMIN_MODELS[model]
                is_refused = route == "delete/" and not has_delete
                assert statuses[3] == (403 if is_refused else 302)


def test_review_page_requires_permission(clients):
    """Of a missing record, staff without permission learn nothing."""
    with collect_failures() as failures:
        for model in RECORD_MODELS:
            with failures.isolated_case(model):
                path = f"/admin/{model}/999999/review/"
                assert _statuses(clients, path) == [302, 403, 403, 302]


def test_app_index_requires_permissions(clients):
    with collect_failures() as failures:
        for app in sorted({model.split("/")[0] for model in ADMIN_MODELS}):
            with failures.isolated_case(app):
                assert _statuses(clients, f"/admin/{app}/") == [302, 403, 404, 200]


def test_system_actor_cannot_sign_in():
    actor = states.actor()

    assert authenticate(username=actor.username, password="!") is None
    assert authenticate(username=actor.username, password="") is None
    assert not actor.has_usable_password()
    assert not actor.is_active


@pytest.mark.parametrize("field", ["is_active", "is_staff", "is_superuser"])
def test_database_prevents_activating_system_actor(field):
    states.actor()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(is_actor=True).update(**{field: True})


def test_session_of_system_actor_has_no_access(client):
    client.force_login(states.actor())

    assert client.get("/admin/").status_code in (302, 403)


def test_deactivated_account_loses_access(client):
    clerk = states.staff()
    client.force_login(clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)

    assert client.get("/admin/").status_code in (302, 403)


@pytest.mark.parametrize(
    "path",
    ["/accounts/signup/", "/accounts/register/", "/admin/signup/", "/en/signup/"],
)
def test_self_registration_is_disabled(path, client):
    response = client.get(path)

    assert response.status_code in (302, 404)
    location = response.get("Location", "/accounts/login/")
    assert location.startswith("/accounts/login/")


def test_sign_in_rejects_non_staff(client):
    User.objects.create_user("sample.outsider", password="sample-password")

    response = give_password(client, "sample.outsider")

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
