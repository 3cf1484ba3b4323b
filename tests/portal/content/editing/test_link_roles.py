"""Roles of organisations, parties and places in a form, and the order of links."""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from portal.content.editing.admin import RecordAdmin
from portal.content.editing.link_roles import format_link_order, parse_link_order
from portal.content.publishing.links import get_link_relations, get_linked_pks
from portal.core.audit.models import Deed
from portal.reference.directory.models import NamedParty, Organ
from seminars.models import Seminar
from tests.admin_forms import errors, filled
from tests.factories.directory import organ, party
from tests.factories.publishing import AT, staff
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)
RECORD_ADMINS = [
    model_admin
    for model_admin in admin.site._registry.values()
    if isinstance(model_admin, RecordAdmin)
]


@pytest.fixture
def record():
    rows = [organ(key) for key in "abc"]
    return seminar(title_en="Sample", host_organs=[rows[2], rows[0], rows[1]])


@pytest.fixture
def url(record):
    return reverse("admin:seminars_seminar_change", args=[record.pk])


@pytest.fixture
def clerk(client):
    client.force_login(staff(is_superuser=True))
    return client


def save(client, url: str, **values) -> None:
    response = client.post(url, opened_form(client, url) | values)
    assert response.status_code == 302, errors(response)


def test_each_pair_of_organisations_and_parties_has_a_role():
    """A new relation to organisations with one to parties needs a role."""
    with collect_failures() as failures:
        for model_admin in RECORD_ADMINS:
            relations = get_link_relations(model_admin.model)
            with failures.case(model_admin):
                names = [n for role in model_admin.link_roles for n in role.relations]
                assert len(names) == len(set(names))
                assert set(names) <= {relation.name for relation in relations}
                targets = {relation.related_model for relation in relations}
                if {Organ, NamedParty} <= targets:
                    expected = {
                        relation.name
                        for relation in relations
                        if relation.related_model in (Organ, NamedParty)
                    }
                    assert expected <= set(names)


def test_form_has_stored_order(clerk, record, url):
    pks = get_linked_pks(record, "host_organs")

    form = opened_form(clerk, url)

    assert form["link_order"] == f"host_organs={','.join(map(str, pks))}"


def test_order_of_the_table_is_saved_and_audited(clerk, record, url):
    pks = get_linked_pks(record, "host_organs")
    new = [pks[1], pks[2], pks[0]]
    entries = Deed.objects.for_record(record).count()

    save(clerk, url, link_order=format_link_order({"host_organs": new}))

    assert get_linked_pks(record, "host_organs") == new
    assert Deed.objects.for_record(record).count() == entries + 1


def test_order_adds_and_removes_no_links(clerk, record, url):
    pks = get_linked_pks(record, "host_organs")
    other = organ("other")

    for text in (
        f"host_organs={other.pk},{pks[2]},{pks[0]}",
        f"host_organs={pks[2]},{pks[2]},{pks[0]};title=1",
    ):
        save(clerk, url, link_order=text)
        assert get_linked_pks(record, "host_organs") == [pks[2], pks[0], pks[1]], text


def test_submission_without_order_keeps_the_stored_one(clerk, record, url):
    pks = get_linked_pks(record, "host_organs")
    form = opened_form(clerk, url)
    del form["link_order"]

    response = clerk.post(url, form | {"title_en": "Changed"})

    assert response.status_code == 302, errors(response)
    assert get_linked_pks(record, "host_organs") == pks


def test_order_that_is_not_understood_changes_nothing(clerk, record, url):
    pks = get_linked_pks(record, "host_organs")

    for text in ("", "x", "host_organs=", "host_organs=a,b", "host_organs=" + "9" * 99):
        save(clerk, url, link_order=text)
        assert get_linked_pks(record, "host_organs") == pks, text


def test_parsed_order_is_what_was_formatted():
    order = {"host_organs": [3, 1], "host_parties": [], "places": [2]}

    assert parse_link_order(format_link_order(order)) == {
        "host_organs": ["3", "1"],
        "places": ["2"],
    }


def test_order_is_kept_when_a_colleague_saved_in_between(clerk, record, url):
    pks = get_linked_pks(record, "host_organs")
    order = f"host_organs={pks[2]},{pks[1]},{pks[0]}"
    form = opened_form(clerk, url) | {"link_order": order}
    Seminar.objects.update(hours=30, updated_by=staff("sample.other"), updated_at=LATER)

    response = clerk.post(url, form)

    assert response.status_code == 200
    response = clerk.post(url, filled(response))
    assert response.status_code == 302, errors(response)
    record.refresh_from_db()
    assert record.hours == 30
    assert get_linked_pks(record, "host_organs") == pks[::-1]


def test_new_record_has_order_of_the_table(clerk):
    first, second = organ("first"), organ("second")
    url = reverse("admin:seminars_seminar_add")
    values = {
        "title_en": "Sample",
        "scope": "prosecutors",
        "host_organs": [first.pk, second.pk],
        "host_parties": [party().pk],
        "link_order": f"host_organs={second.pk},{first.pk}",
    }

    save(clerk, url, **values)

    record = Seminar.objects.get()
    assert get_linked_pks(record, "host_organs") == [second.pk, first.pk]


def test_table_is_only_for_people_who_may_change_the_record(client, record, url):
    client.force_login(staff(is_superuser=True))
    assert "data-staff-roles" in client.get(url).text

    reader = staff("sample.reader", permissions=_view_permissions())
    client.force_login(reader)

    page = client.get(url).text
    assert "Sample Organ a" in page
    assert "data-staff-roles" not in page


def _view_permissions():
    names = ("view_seminar", "view_organ", "view_namedparty", "view_place")
    return list(Permission.objects.filter(codename__in=names))
