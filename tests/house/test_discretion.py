"""What you may not see, you may not find, count or infer: choices, filters, search,
counts and deletion, by every role."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models

from portal.accounts.discretion import models_on
from portal.catalogue.registry import kinds
from tests.house.desk_world import MARK, model_of, name_of, tells, text
from tests.house.roles import ROLES, TABLE, sees

pytestmark = pytest.mark.django_db

# Numbers of rows that some roles may not see; the words in a form beside the number.
COUNTED = {
    "seminars/participant": "Participants on record",
    "delegations/member": "Members on record",
    "exchanges/coordinationrequest": "Requests on record",
}


@pytest.mark.parametrize("role", ROLES)
def test_choosing_from_a_list_needs_to_see_it(role, signed_in, desk):
    """Autocomplete, from every relation of every model."""
    client = signed_in(role)
    wrong = []
    for target, asked in _relations():
        answer = client.get(
            f"/admin/autocomplete/?{urlencode(asked | {'term': 'Person'})}"
        )
        may = sees(role, target)
        is_told = tells(answer) and not sees(role, "people/person")
        if (answer.status_code == 200) != may or is_told:
            wrong.append((asked, answer.status_code))

    assert wrong == []


def _relations() -> Iterator[tuple[str, dict[str, str]]]:
    """Each relation to a list that can be searched: the list, and how to ask."""
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
    """The models of all forms at the desk, with those of the rows in them."""
    found = dict.fromkeys(admin.site._registry)
    for model_admin in admin.site._registry.values():
        found |= dict.fromkeys(inline.model for inline in model_admin.inlines)
    return list(found)


@pytest.mark.parametrize("role", ROLES)
def test_list_cannot_be_narrowed_by_what_is_hidden(role, signed_in, desk):
    """``?participants__isnull=0`` would tell which seminars have some, and how many."""
    client = signed_in(role)
    asked = [
        f"/admin/{name}/?{lookup}"
        for name in TABLE
        if sees(role, name)
        for field in model_of(name)._meta.get_fields()
        if _is_hidden(role, name, field.name)
        for lookup in (f"{field.name}__isnull=0", f"{field.name}={MARK}")
    ]

    statuses = {client.get(address).status_code for address in asked}

    assert statuses <= {400}
    assert bool(asked) == (role != "auditor")


def _is_hidden(role: str, name: str, field: str) -> bool:
    reached = {name_of(model) for model in models_on(model_of(name), field)}
    hidden = {one for one in reached & set(TABLE) if not sees(role, one)}
    return bool(hidden - {"accounts/user"})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", ["/admin/", "/admin/search/?q=Person"])
def test_start_page_and_search_tell_of_people_to_who_sees_them(
    role, address, signed_in
):
    answer = signed_in(role).get(address)

    may = sees(role, "people/person") and "search" in address
    assert tells(answer) == may


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("counted", COUNTED)
def test_number_of_rows_is_told_to_who_sees_them(role, counted, signed_in, desk):
    client = signed_in(role)
    records = ("seminars/seminar", "delegations/visit", "exchanges/mechanism")
    seen = [name for name in records if sees(role, name)]

    told = "".join(
        text(client.get(f"/admin/{name}/{desk[name].pk}/change/")) for name in seen
    )

    has_form = records[list(COUNTED).index(counted)] in seen
    assert (COUNTED[counted] in told) == (sees(role, counted) and has_form)


@pytest.mark.parametrize("name", ["seminars/seminar", "directory/organ"])
def test_row_that_people_hang_on_is_not_deleted_by_who_does_not_see_them(
    name, signed_in, desk
):
    client, row = signed_in("editor"), desk[name]

    asked = client.get(f"/admin/{name}/{row.pk}/delete/")
    client.post(f"/admin/{name}/{row.pk}/delete/", {"post": "yes"})

    assert "Something that you may not see." in text(asked)
    assert "participant" not in text(asked).lower()
    assert model_of(name).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", ROLES)
def test_address_of_a_draft_is_told_to_who_sees_it(role, signed_in, desk):
    client = signed_in(role)
    wrong = []
    for kind in kinds():
        name = name_of(kind.model)
        number = ContentType.objects.get_for_model(kind.model).pk
        answer = client.get(f"/admin/r/{number}/{desk[name].pk}/")
        if answer.status_code == 302 and not sees(role, name):
            wrong.append(name)

    assert wrong == []
