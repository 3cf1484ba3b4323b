"""Rows hidden from a role are not revealed by choices, filters, search, counts or
deletion."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models

from portal.content.catalogue.registry import all_kinds
from portal.core.accounts.visibility import get_lookup_models
from tests.failures import collect_failures
from tests.project.role_table import ROLES, TABLE, sees
from tests.project.staff_dataset import MARK, has_personal_data, model_of, name_of, text
from tests.unrendered_pages import unrendered

pytestmark = pytest.mark.django_db

# Models that some roles may not view, with the label of their count in a form.
COUNTED = {
    "seminars/participant": "Recorded participants",
    "delegations/member": "Recorded members",
    "exchanges/coordinationrequest": "Recorded requests",
}


@pytest.mark.parametrize("role", ROLES)
def test_autocomplete_requires_view_permission_on_target(role, signed_in, staff_rows):
    """Autocomplete of every relation of every model.

    Where the role may view the target, its relations take turns among the roles: a
    search gives each of them the same rows.
    """
    client = signed_in(role)
    wrong = []
    for target, query in _relations_in_turn(role):
        answer = client.get(
            f"/admin/autocomplete/?{urlencode(query | {'term': 'Person'})}"
        )
        may_view = sees(role, target)
        is_leak = has_personal_data(answer) and not sees(role, "people/person")
        if (answer.status_code == 200) != may_view or is_leak:
            wrong.append((query, answer.status_code))

    assert wrong == []


def _relations_in_turn(role: str) -> Iterator[tuple[str, dict[str, str]]]:
    by_target: dict[str, list[dict[str, str]]] = {}
    for target, query in _relations():
        by_target.setdefault(target, []).append(query)
    for target, queries in by_target.items():
        allowed = [other for other in ROLES if sees(other, target)]
        if role in allowed:
            turn = allowed.index(role)
            queries = queries[turn % len(queries) :: len(allowed)]
        yield from ((target, query) for query in queries)


def _relations() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each relation to a model with search, and its autocomplete query."""
    for model in kinds_and_parts():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            target = field.related_model
            if target in admin.site._registry and _is_searched(target):
                yield (
                    name_of(target),
                    {
                        "app_label": model._meta.app_label,
                        "model_name": model._meta.model_name,
                        "field_name": field.name,
                    },
                )


def _is_searched(model) -> bool:
    return bool(admin.site._registry[model].search_fields)


def kinds_and_parts() -> list[type[models.Model]]:
    """Return the models of all forms in the admin and of their inlines."""
    models_of_forms = dict.fromkeys(admin.site._registry)
    for model_admin in admin.site._registry.values():
        models_of_forms |= dict.fromkeys(row.model for row in model_admin.inlines)
    return list(models_of_forms)


@pytest.mark.parametrize("role", ROLES)
def test_changelist_rejects_filters_on_hidden_relations(role, signed_in, staff_rows):
    """``?participants__isnull=0`` would reveal which seminars have participants."""
    client = signed_in(role)
    addresses = [
        f"/admin/{name}/?{lookup}"
        for name in TABLE
        if sees(role, name)
        for field in model_of(name)._meta.get_fields()
        if _is_hidden(role, name, field.name)
        for lookup in (f"{field.name}__isnull=0", f"{field.name}={MARK}")
    ]

    with unrendered():
        statuses = {address: client.get(address).status_code for address in addresses}

    assert {a: status for a, status in statuses.items() if status != 400} == {}
    assert bool(addresses) == (role != "auditor")


def _is_hidden(role: str, name: str, field: str) -> bool:
    reached = {name_of(model) for model in get_lookup_models(model_of(name), field)}
    hidden = {
        other_model
        for other_model in reached & set(TABLE)
        if not sees(role, other_model)
    }
    return bool(hidden - {"accounts/user"})


def test_dashboard_and_search_show_people_only_with_permission(signed_in):
    with collect_failures() as failures:
        for role in ROLES:
            client = signed_in(role)
            with failures.isolated_case(role, "start page"):
                assert not has_personal_data(client.get("/admin/"))
            with failures.isolated_case(role, "search"):
                answer = client.get("/admin/search/?q=Person")
                assert has_personal_data(answer) == sees(role, "people/person")


@pytest.mark.parametrize("role", ROLES)
def test_related_row_count_is_shown_only_with_permission(role, signed_in, staff_rows):
    client = signed_in(role)
    owners = ("seminars/seminar", "delegations/visit", "exchanges/mechanism")
    forms = {
        name: text(client.get(f"/admin/{name}/{staff_rows[name].pk}/change/"))
        for name in owners
        if sees(role, name)
    }
    page = "".join(forms.values())

    with collect_failures() as failures:
        for (counted, label), owner in zip(COUNTED.items(), owners, strict=True):
            with failures.case(counted):
                assert (label in page) == (sees(role, counted) and owner in forms)


@pytest.mark.parametrize("name", ["seminars/seminar", "directory/organ"])
def test_row_with_hidden_dependents_cannot_be_deleted_nor_reveals_them(
    name, signed_in, staff_rows
):
    client, row = signed_in("editor"), staff_rows[name]

    page = client.get(f"/admin/{name}/{row.pk}/delete/")
    client.post(f"/admin/{name}/{row.pk}/delete/", {"post": "yes"})

    assert (
        "You do not have permission to view this. Ask a colleague who has access."
    ) in text(page)
    assert "participant" not in text(page).lower()
    assert model_of(name).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", ROLES)
def test_view_on_site_redirect_requires_view_permission(role, signed_in, staff_rows):
    client = signed_in(role)
    wrong = []
    for kind in all_kinds():
        name = name_of(kind.model)
        number = ContentType.objects.get_for_model(kind.model).pk
        answer = client.get(f"/admin/r/{number}/{staff_rows[name].pk}/")
        if answer.status_code == 302 and not sees(role, name):
            wrong.append(name)

    assert wrong == []
