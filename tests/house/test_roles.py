"""Role × action × list, through the real admin: what you may not see, you may not find,
count, export or infer. The table is in ``tests.house.roles``.

Every address that a list has is asked for, a new one too.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.accounts.choices import Role
from portal.accounts.discretion import models_on
from portal.accounts.models import User
from portal.accounts.roles import rights, sync_roles
from portal.catalogue.registry import kinds
from portal.publishing.review.putting import undone
from portal.publishing.translating import PartInline
from tests.factories import publishing as states
from tests.house.addresses import ADMIN_MODELS
from tests.house.desk_world import KEY_MARK, MARK, build
from tests.house.roles import ROLES, TABLE, actions_of, sees
from tests.signing_in import confirmed

pytestmark = pytest.mark.django_db

# Numbers of rows that some roles may not see; the words in a form beside the number.
COUNTED = {
    "seminars/participant": "Participants on record",
    "delegations/member": "Members on record",
    "exchanges/coordinationrequest": "Requests on record",
}


@pytest.fixture(scope="module")
def world(rows_of_module, django_db_blocker) -> Iterator[dict[str, models.Model]]:
    with rows_of_module():
        with django_db_blocker.unblock():
            rows = build()
        yield rows


@pytest.fixture
def signed_in(world, db) -> Callable[[str], Client]:
    """A function from a role to the client of a colleague who has it and no other."""

    def client_of(role: str) -> Client:
        user = User.objects.create_user(
            f"sample.{role}",
            is_staff=True,
            interface_language="en",
            translates=["vi"] if role == "translator" else [],
        )
        user.groups.set(Group.objects.filter(name=role))
        return confirmed(Client(), user)

    return client_of


def model_of(name: str) -> type[models.Model]:
    return next(m for m in admin.site._registry if m._meta.label_lower == _label(name))


def _label(name: str) -> str:
    return name.replace("/", ".")


def admin_of(name: str) -> admin.ModelAdmin:
    return admin.site._registry[model_of(name)]


def text(response) -> str:
    """All that an answer says: its address included, where it sends to another."""
    told = response.getvalue() if response.streaming else response.content
    return response.get("Location", "") + told.decode("utf-8", "replace")


# ------------------------------------------------------------------------- the table


def test_apps_declare_what_the_table_says():
    declared = {(role, name): set() for role in ROLES for name in TABLE}
    for right in rights():
        opts = right.model._meta
        key = right.role.value, f"{opts.app_label}/{opts.model_name}"
        declared[key] = set(right.actions)

    assert declared == {
        (role, name): actions_of(role, name) for role in ROLES for name in TABLE
    }


def test_every_list_and_role_is_in_the_table():
    assert set(TABLE) == set(ADMIN_MODELS)
    assert tuple(ROLES) == tuple(Role.values)


@pytest.mark.parametrize("role", ROLES)
def test_group_of_a_role_has_its_rights_and_no_others(role):
    held = {
        (row.content_type.app_label, row.codename)
        for row in Group.objects.get(name=role).permissions.select_related()
    }

    assert held == {
        (right.model._meta.app_label, name)
        for right in rights()
        if right.role == role
        for name in right.codenames()
    }


def test_sync_mends_what_was_changed_by_hand_and_then_changes_nothing():
    editors = Group.objects.get(name="editor")
    auditors = Group.objects.get(name="auditor").permissions.all()
    editors.permissions.set(auditors)

    changed = sync_roles()

    assert changed == [Role.EDITOR]
    assert not editors.permissions.filter(pk__in=auditors).exists()
    assert sync_roles() == []


# ---------------------------------------------------------------- addresses of lists


def expected(role: str, name: str) -> dict[str, bool]:
    """Which pages of a list answer this role. A form that only shows refuses POST."""
    actions, offered = actions_of(role, name), ADMIN_MODELS[name].split()
    writes = actions & {"change", "translate"}
    return {
        "list": "view" in actions,
        "add": "add" in actions and "add" in offered,
        "form": "view" in actions,
        "save": bool(writes) and "change" in offered,
        "delete": "delete" in actions and "delete" in offered,
        "history": "view" in actions,
    } | _of_a_seminar(role, name)


def _of_a_seminar(role: str, name: str) -> dict[str, bool]:
    """A change that waits is read by who sees the record; this one is of a seminar."""
    is_closed = name == "publishing/proposal" and not sees(role, "seminars/seminar")
    return {"form": False, "history": False} if is_closed else {}


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_lists_answer_as_the_table_says(role, signed_in, world):
    client = signed_in(role)
    told, wrong = [], {}
    for name, row in world.items():
        answers = _pages(client, name, row)
        answered = {page: _is_open(one) for page, one in answers.items()}
        if answered != expected(role, name):
            wrong[name] = answered
        told += [(name, page, text(one)) for page, one in answers.items()]

    assert wrong == {}
    assert _telling(told) == _telling_of_what_is_seen(role, told)


def _pages(client: Client, name: str, row) -> dict:
    folder = f"/admin/{name}/"
    form = f"{folder}{quote(row.pk)}/"
    answers = {
        "list": client.get(folder),
        "add": client.get(f"{folder}add/"),
        "form": client.get(f"{form}change/"),
        "delete": client.get(f"{form}delete/"),
        "history": client.get(f"{form}history/"),
    }
    with undone():
        answers["save"] = client.post(f"{form}change/", {"_save": "1"})
    return answers


def _is_open(answer) -> bool:
    """Who is sent to the start page is told that there is no such row."""
    assert answer.status_code in (200, 302, 403, 404)
    return answer.status_code in (200, 302) and answer.get("Location") != "/admin/"


def _telling(told: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(name, page) for name, page, words in told if _tells(words)]


def _tells(words: str) -> bool:
    return MARK in words or KEY_MARK in words


def _telling_of_what_is_seen(role: str, told) -> list[tuple[str, str]]:
    """All that may tell of people: everything, for who sees them, else nothing."""
    return _telling(told) if sees(role, "people/person") else []


def test_registrar_is_told_of_people(signed_in, world):
    """Were it not so, the tests beside this one would look at nothing."""
    client = signed_in("registrar")
    told = {
        (name, page)
        for name, row in world.items()
        for page, answer in _pages(client, name, row).items()
        if _tells(text(answer))
    }

    assert told >= {
        ("people/person", "list"),
        ("people/person", "form"),
        ("people/person", "history"),
        ("people/person", "delete"),
        ("seminars/participant", "list"),
        ("seminars/trainingrecord", "list"),
        ("seminars/certificate", "history"),
        ("delegations/member", "form"),
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_other_address_of_a_list_is_closed_to_who_does_not_see_it(
    role, signed_in, world
):
    """Exports, downloads, copies: whatever an admin class adds to its addresses."""
    client = signed_in(role)
    wrong = []
    for name, row in world.items():
        for address in _own_addresses(name, row):
            answer = client.get(address)
            is_told = _tells(text(answer)) and not sees(role, "people/person")
            if is_told or (_is_open(answer) and not sees(role, name)):
                wrong.append((address, answer.status_code))

    assert wrong == []


def _own_addresses(name: str, row) -> Iterator[str]:
    for pattern in admin_of(name).get_urls():
        for words in _arguments(pattern, row):
            try:
                yield reverse(f"admin:{pattern.name}", kwargs=words)
            except NoReverseMatch:
                continue


def _arguments(pattern, row) -> list[dict]:
    """Values for the placeholders of an address: the row's key; a form of a file."""
    names = pattern.pattern.converters
    if pattern.name is None or pattern.name.endswith(
        ("_changelist", "_add", "_history", "_delete", "_change")
    ):
        return []
    forms = ("xlsx", "csv") if "form" in names else ("",)
    return [{one: form if one == "form" else row.pk for one in names} for form in forms]


# -------------------------------------------------- finding, counting and inferring


@pytest.mark.parametrize("role", ROLES)
def test_choosing_from_a_list_needs_to_see_it(role, signed_in, world):
    """Autocomplete, from every relation of every model."""
    client = signed_in(role)
    wrong = []
    for target, asked in _relations():
        answer = client.get(
            f"/admin/autocomplete/?{urlencode(asked | {'term': 'Person'})}"
        )
        may = sees(role, target)
        is_told = _tells(text(answer)) and not sees(role, "people/person")
        if (answer.status_code == 200) != may or is_told:
            wrong.append((asked, answer.status_code))

    assert wrong == []


def _relations() -> Iterator[tuple[str, dict[str, str]]]:
    """Each relation to a list that can be searched: the list, and how to ask."""
    for model in kinds_and_parts():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            target = field.related_model
            if target in admin.site._registry and _is_searched(target):
                opts = target._meta
                yield (
                    f"{opts.app_label}/{opts.model_name}",
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
def test_list_cannot_be_narrowed_by_what_is_hidden(role, signed_in, world):
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
    reached = {
        f"{model._meta.app_label}/{model._meta.model_name}"
        for model in models_on(model_of(name), field)
    }
    hidden = {one for one in reached & set(TABLE) if not sees(role, one)}
    return bool(hidden - {"accounts/user"})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", ["/admin/", "/admin/search/?q=Person"])
def test_start_page_and_search_tell_of_people_to_who_sees_them(
    role, address, signed_in
):
    answer = text(signed_in(role).get(address))

    may = sees(role, "people/person") and "search" in address
    assert _tells(answer) == may


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("counted", COUNTED)
def test_number_of_rows_is_told_to_who_sees_them(role, counted, signed_in, world):
    client = signed_in(role)
    records = ("seminars/seminar", "delegations/visit", "exchanges/mechanism")
    seen = [name for name in records if sees(role, name)]

    told = "".join(
        text(client.get(f"/admin/{name}/{world[name].pk}/change/")) for name in seen
    )

    has_form = records[list(COUNTED).index(counted)] in seen
    assert (COUNTED[counted] in told) == (sees(role, counted) and has_form)


@pytest.mark.parametrize("name", ["seminars/seminar", "directory/organ"])
def test_row_that_people_hang_on_is_not_deleted_by_who_does_not_see_them(
    name, signed_in, world
):
    client, row = signed_in("editor"), world[name]

    asked = client.get(f"/admin/{name}/{row.pk}/delete/")
    client.post(f"/admin/{name}/{row.pk}/delete/", {"post": "yes"})

    assert "Something that you may not see." in text(asked)
    assert "participant" not in text(asked).lower()
    assert model_of(name).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", ROLES)
def test_address_of_a_draft_is_told_to_who_sees_it(role, signed_in, world):
    client = signed_in(role)
    wrong = []
    for kind in kinds():
        opts = kind.model._meta
        name = f"{opts.app_label}/{opts.model_name}"
        number = ContentType.objects.get_for_model(kind.model).pk
        answer = client.get(f"/admin/r/{number}/{world[name].pk}/")
        if answer.status_code == 302 and not sees(role, name):
            wrong.append(name)

    assert wrong == []


# -------------------------------------------------------------------------- actions


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
def test_actions_of_a_record_need_their_right(role, kind, signed_in, world):
    """Offered or not, what is sent by hand is done by who may do it and nobody else."""
    opts = kind.model._meta
    name = f"{opts.app_label}/{opts.model_name}"
    client, record = signed_in(role), world[name]
    actions = actions_of(role, name)
    if "view" not in actions:
        pytest.skip("They do not see the list: another test.")
    reached = []

    for action in ("submit", "approve", "withdraw"):
        sent = {"_selected_action": [record.pk], "reason": "Sample."}
        client.post(f"/admin/{name}/", {"action": action, **sent})
        record.refresh_from_db()
        reached.append(record.status)
        _push(record, action)

    assert reached == [
        "in_review" if "change" in actions else "draft",
        "published" if "review" in actions else "in_review",
        "withdrawn" if "review" in actions else "published",
    ]


def _push(record, action: str) -> None:
    """Bring ``record`` to where ``action`` would have brought it."""
    from portal.publishing import operations

    verbs = {"submit": operations.submit, "approve": operations.approve}
    wanted = {"submit": "in_review", "approve": "published"}
    if action in verbs and record.status != wanted[action]:
        verbs[action](record, by=states.actor(), at=states.AT)


# -------------------------------------------------------------- rows within a record


def test_rows_in_the_form_of_a_record_follow_its_rights():
    """A new kind of row would otherwise ask for rights that nobody has."""
    wrong = [
        f"{type(model_admin).__name__}: {inline.__name__}"
        for model_admin in admin.site._registry.values()
        for inline in model_admin.inlines
        if not issubclass(inline, PartInline)
    ]

    assert wrong == []
