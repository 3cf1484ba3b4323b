"""Role × action × list, through the real admin. The table is in ``tests.house.roles``.

Every address that a list has is asked for, a new one too.
"""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.accounts.choices import Role
from portal.accounts.roles import rights, sync_roles
from portal.catalogue.registry import kinds
from portal.publishing import operations
from portal.publishing.review.putting import undone
from portal.publishing.translating import PartInline
from tests import reviewing
from tests.factories import publishing as states
from tests.house.addresses import ADMIN_MODELS
from tests.house.desk_world import model_of, name_of, tells
from tests.house.roles import COMPUTED, ROLES, TABLE, actions_of, sees

pytestmark = pytest.mark.django_db

# ------------------------------------------------------------------------- the table


def test_apps_declare_what_the_table_says():
    declared = {(role, name): set() for role in ROLES for name in TABLE}
    for right in rights():
        declared[right.role.value, name_of(right.model)] = set(right.actions)

    wanted = {
        (role, name): actions_of(role, name) if name not in COMPUTED else set()
        for role in ROLES
        for name in TABLE
    }
    assert declared == wanted


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
    } | _of_seminars(role, name)


def _of_seminars(role: str, name: str) -> dict[str, bool]:
    """The change that waits, and the import, are of seminars: read by who sees those,
    or might have brought them in."""
    closed = {
        "publishing/proposal": not sees(role, "seminars/seminar"),
        "publishing/importbatch": "add" not in actions_of(role, "seminars/seminar"),
    }
    if closed.get(name):
        return {"form": False, "history": False}
    # A button that an import does not know leads back to its page.
    return {"save": True} if name in COMPUTED else {}


# What tells of people, so that the test looks at something.
TELLING = {
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
def test_pages_of_lists_answer_as_the_table_says(role, signed_in, desk):
    client = signed_in(role)
    telling, wrong = set(), {}
    for name, row in desk.items():
        answers = _pages(client, name, row)
        answered = {page: _is_open(one) for page, one in answers.items()}
        if answered != expected(role, name):
            wrong[name] = answered
        telling |= {(name, page) for page, one in answers.items() if tells(one)}

    assert wrong == {}
    assert telling >= TELLING if sees(role, "people/person") else telling == set()


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


@pytest.mark.parametrize("role", ROLES)
def test_every_other_address_of_a_list_is_closed_to_who_does_not_see_it(
    role, signed_in, desk
):
    """Exports, downloads, copies: whatever an admin class adds to its addresses."""
    client = signed_in(role)
    wrong = []
    for name, row in desk.items():
        for address in _own_addresses(name, row):
            answer = client.get(address)
            is_told = tells(answer) and not sees(role, "people/person")
            if is_told or (_is_open(answer) and not sees(role, name)):
                wrong.append((address, answer.status_code))

    assert wrong == []


def _own_addresses(name: str, row) -> Iterator[str]:
    for pattern in admin.site._registry[model_of(name)].get_urls():
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


# -------------------------------------------------------------------------- actions


# Who does not see a list reaches none of its addresses: another test.
SEEN = [
    pytest.param(role, kind, id=f"{kind.code}-{role}")
    for kind in kinds()
    for role in ROLES
    if sees(role, name_of(kind.model))
]


@pytest.mark.parametrize(("role", "kind"), SEEN)
def test_actions_of_a_record_need_their_right(role, kind, signed_in, desk):
    """Offered or not, what is sent by hand is done by who may do it and nobody else."""
    name = name_of(kind.model)
    client, record = signed_in(role), desk[name]
    actions = actions_of(role, name)
    reached = []

    for action in ("submit", "approve", "withdraw"):
        reviewing.decide(client, action, record)
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
    verbs = {"submit": operations.submit, "approve": reviewing.approve}
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
