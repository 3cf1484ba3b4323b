"""Navigation of the staff admin: groups by work, and who sees which lists."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission

from portal.core.accounts.choices import Role
from portal.core.accounts.roles import get_role_permissions
from portal.staff.navigation import NAVIGATION
from tests.factories.publishing import staff
from tests.failures import collect_failures
from tests.portal.staff.changelists import staff_request

pytestmark = pytest.mark.django_db
TECHNICAL = {
    "accounts.agencykey",
    "accounts.signin",
    "jobs.job",
    "changes.change",
    "publishing.redirect",
    "publishing.evidenceonlyhost",
}


def listed(user) -> dict[str, list[str]]:
    """Return the labels of the models in the navigation of ``user``, by group."""
    return {
        group["app_label"]: [
            model["model"]._meta.label_lower for model in group["models"]
        ]
        for group in admin.site.get_app_list(staff_request(user))
    }


def with_role(role: Role):
    user = staff(f"sample.{role}")
    user.groups.add(Group.objects.get(name=role))
    return user


def test_table_names_every_registered_model_once():
    named = [label for group in NAVIGATION for label in group.models + group.technical]
    registered = {model._meta.label_lower for model in admin.site._registry}

    assert sorted(named) == sorted(registered)


def test_groups_are_in_the_order_of_the_work():
    chief = staff(is_superuser=True)

    assert list(listed(chief)) == [
        "conference",
        "training",
        "delegations",
        "liaison",
        "directory",
        "files",
        "imports",
        "people",
        "administration",
    ]
    assert listed(chief)["training"] == [
        "seminars.seminar",
        "seminars.participant",
        "seminars.trainingrecord",
        "seminars.certificate",
    ]
    assert listed(chief)["administration"][-1] == "publishing.evidenceonlyhost"


def test_each_role_sees_only_lists_with_its_permissions():
    with collect_failures() as failures:
        for role in Role:
            with failures.case(role):
                labels = {
                    label
                    for models in listed(with_role(role)).values()
                    for label in models
                }
                permitted = {
                    permission.model._meta.label_lower
                    for permission in get_role_permissions()
                    if permission.role == role
                }
                # Imports are listed for all who may import.
                assert labels - {"publishing.importbatch"} <= permitted
                assert bool(labels & TECHNICAL) == (role == Role.ADMINISTRATOR)


def test_technical_lists_are_for_administrators_only(client):
    """Another user with the permission can open the list at its address."""
    codenames = [f"view_{label.partition('.')[2]}" for label in TECHNICAL]
    permissions = Permission.objects.filter(codename__in=[*codenames, "view_deed"])
    assert permissions.count() == len(TECHNICAL) + 1
    auditor = staff("sample.auditor", permissions=permissions)

    assert listed(auditor) == {"administration": ["history.deed"]}
    client.force_login(auditor)
    page = client.get("/admin/").content.decode()
    assert "/admin/jobs/job/" not in page
    assert "/admin/history/deed/" in page
    assert client.get("/admin/jobs/job/").status_code == 200
    administrator = with_role(Role.ADMINISTRATOR)
    assert set(listed(administrator)["administration"]) >= TECHNICAL


def test_navigation_has_headings_and_add_links(client):
    editor = with_role(Role.EDITOR)
    client.force_login(editor)

    page = client.get("/admin/seminars/seminar/").content.decode()

    assert '<span class="section">Training</span>' in page
    assert 'href="/admin/seminars/seminar/add/"' in page
    assert "/admin/seminars/participant/" not in page
    # The page of one app is Django's own.
    assert client.get("/admin/seminars/").status_code == 200
