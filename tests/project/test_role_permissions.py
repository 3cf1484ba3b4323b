"""Permissions of each role in the admin, compared with ``tests.project.role_table``.

The addresses are read from the admin classes, so that new ones are tested too.
"""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group
from django.forms import ChoiceField
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.content.catalogue.registry import all_kinds
from portal.content.editing.translator_admin import ChildInline
from portal.content.publishing import operations
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.core.accounts.choices import Role
from portal.core.accounts.roles import get_role_permissions, sync_roles
from tests import reviewing
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.reviewed_content import stored
from tests.project.role_table import COMPUTED, ROLES, TABLE, actions_of, sees
from tests.project.staff_dataset import has_personal_data, model_of, name_of
from tests.project.url_table import ADMIN_MODELS
from tests.unrendered_pages import open_page, unrendered, unrendered_errors

pytestmark = pytest.mark.django_db

# ------------------------------------------------------------------------- the table


def test_declared_permissions_match_role_table():
    declared = {(role, name): set() for role in ROLES for name in TABLE}
    for right in get_role_permissions():
        declared[right.role.value, name_of(right.model)] = set(right.actions)

    expected_actions = {
        (role, name): actions_of(role, name) if name not in COMPUTED else set()
        for role in ROLES
        for name in TABLE
    }
    assert declared == expected_actions


def test_role_table_covers_every_admin_model_and_role():
    assert set(TABLE) == set(ADMIN_MODELS)
    assert tuple(ROLES) == tuple(Role.values)


def test_role_group_has_exactly_its_permissions():
    with collect_failures() as failures:
        for role in ROLES:
            with failures.case(role):
                permissions = Group.objects.get(name=role).permissions
                granted = {
                    (row.content_type.app_label, row.codename)
                    for row in permissions.select_related()
                }
                assert granted == {
                    (right.model._meta.app_label, name)
                    for right in get_role_permissions()
                    if right.role == role
                    for name in right.codenames()
                }


def test_role_sync_restores_manual_changes_and_is_idempotent():
    editors = Group.objects.get(name="editor")
    auditors = Group.objects.get(name="auditor").permissions.all()
    editors.permissions.set(auditors)

    changed = sync_roles()

    assert changed == [Role.EDITOR]
    assert not editors.permissions.filter(pk__in=auditors).exists()
    assert sync_roles() == []


# ---------------------------------------------------------------- addresses of lists


@pytest.fixture
def empty_refusals() -> Iterator[None]:
    """Leave out the page of a refusal: it is given nothing of the row."""
    with unrendered_errors():
        yield


def expected(role: str, name: str) -> dict[str, bool]:
    """Return which pages of a model are open; a read-only form refuses POST."""
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
    """Return what differs for the proposal and the import, which are of seminars.

    They are open to roles that may view seminars, or may add them by an import.
    """
    closed = {
        "publishing/proposal": not sees(role, "seminars/seminar"),
        "publishing/importbatch": "add" not in actions_of(role, "seminars/seminar"),
    }
    if closed.get(name):
        return {"form": False, "history": False}
    # The page of an import ignores an unknown button and redirects to itself.
    return {"save": True} if name in COMPUTED else {}


# Pages that show personal data, without which the test would prove nothing.
PERSONAL_PAGES = {
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
def test_admin_pages_match_role_table(role, signed_in, staff_rows, empty_refusals):
    client = signed_in(role)
    personal, wrong = set(), {}
    for name, row in staff_rows.items():
        answers = _pages(client, name, row)
        is_open = {page: _is_open(answer) for page, answer in answers.items()}
        if is_open != expected(role, name):
            wrong[name] = is_open
        personal |= {
            (name, page)
            for page, answer in answers.items()
            if has_personal_data(answer)
        }

    assert wrong == {}
    assert (
        personal >= PERSONAL_PAGES if sees(role, "people/person") else personal == set()
    )


def _pages(client: Client, name: str, row) -> dict:
    folder = f"/admin/{name}/"
    form = f"{folder}{quote(row.pk)}/"
    form_page = client.get(f"{form}change/")
    answers = {
        "list": client.get(folder),
        "add": _add_page(client, f"{folder}add/", form_page),
        "form": form_page,
        "delete": client.get(f"{form}delete/"),
        "history": client.get(f"{form}history/"),
    }
    # A refused form is shown again as it was opened.
    with rolled_back_transaction(), unrendered():
        answers["save"] = client.post(f"{form}change/", {"_save": "1"})
    return answers


def _add_page(client: Client, address: str, form_page):
    """Return the add form, without HTML if the form of the row has all its choices.

    Only choices could be personal data: the other inputs of an add form are empty.
    Choices of one name are taken to be the same in both forms.
    """
    page = open_page(client.get, address)
    is_form = page.status_code == 200 and "adminform" in page.context
    if page.status_code != 200 or (is_form and _choices(page) <= _choices(form_page)):
        return page
    return client.get(address)


def _choices(page) -> set[tuple[type, str]]:
    """Return the inputs with choices of a form and its inlines, with their model."""
    context = page.context or {}
    if "adminform" not in context:
        return set()
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    forms = [context["adminform"].form, *(formset.empty_form for formset in formsets)]
    return {
        (form._meta.model, name)
        for form in forms
        for name, field in form.fields.items()
        if isinstance(field, ChoiceField)
    }


def _is_open(answer) -> bool:
    """A redirect to the start page means that the row does not exist for the user."""
    assert answer.status_code in (200, 302, 403, 404)
    return answer.status_code in (200, 302) and answer.get("Location") != "/admin/"


@pytest.mark.parametrize("role", ROLES)
def test_extra_admin_urls_require_view_permission(role, signed_in, staff_rows):
    """Exports, downloads, copies: all addresses that an admin class adds."""
    client = signed_in(role)
    wrong = []
    for name, row in staff_rows.items():
        for address in _own_addresses(name, row):
            answer = client.get(address)
            is_leak = has_personal_data(answer) and not sees(role, "people/person")
            if is_leak or (_is_open(answer) and not sees(role, name)):
                wrong.append((address, answer.status_code))

    assert wrong == []


def _own_addresses(name: str, row) -> Iterator[str]:
    for pattern in admin.site._registry[model_of(name)].get_urls():
        for arguments in _arguments(pattern, row):
            try:
                yield reverse(f"admin:{pattern.name}", kwargs=arguments)
            except NoReverseMatch:
                continue


def _arguments(pattern, row) -> list[dict]:
    """Return values for the placeholders of an address: a key or a file format."""
    names = pattern.pattern.converters
    if pattern.name is None or pattern.name.endswith(
        ("_changelist", "_add", "_history", "_delete", "_change")
    ):
        return []
    forms = ("xlsx", "csv") if "form" in names else ("",)
    return [
        {name: form if name == "form" else row.pk for name in names} for form in forms
    ]


# -------------------------------------------------------------------------- actions


# A test above shows that other roles reach no address of the model.
VISIBLE_KINDS = [
    (role, kind)
    for kind in all_kinds()
    for role in ROLES
    if sees(role, name_of(kind.model))
]


def test_record_actions_require_permission(signed_in, staff_rows):
    """Also for requests made by hand, when the action is not offered."""
    clients = {role: signed_in(role) for role in ROLES}

    with collect_failures() as failures:
        for role, kind in VISIBLE_KINDS:
            with failures.isolated_case(role, kind.code):
                record = stored(staff_rows[name_of(kind.model)])
                with unrendered():
                    _check_actions(clients[role], role, record)


def _check_actions(client: Client, role: str, record) -> None:
    actions = actions_of(role, name_of(type(record)))
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
    """Bring ``record`` to the status that ``action`` leads to."""
    transitions = {"submit": operations.submit, "approve": reviewing.approve}
    statuses = {"submit": "in_review", "approve": "published"}
    if action in transitions and record.status != statuses[action]:
        transitions[action](record, by=states.actor(), at=states.AT)


# -------------------------------------------------------------- rows within a record


def test_inline_permissions_follow_parent_record():
    """Any other inline would need permissions that no role has."""
    wrong = [
        f"{type(model_admin).__name__}: {inline.__name__}"
        for model_admin in admin.site._registry.values()
        for inline in model_admin.inlines
        if not issubclass(inline, ChildInline)
    ]

    assert wrong == []
