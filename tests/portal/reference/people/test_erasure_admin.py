"""Erasing a person in the staff admin: who may erase, and the form afterwards."""

import re

import pytest
from django.contrib.auth.models import Group

from portal.core.audit import operations as audit
from portal.core.audit.chain import verify_chain
from portal.core.audit.models import Deed, PersonalValue
from portal.core.audit.snapshots import take_snapshot
from portal.reference.people.models import Person
from portal.reference.people.operations import erase_person
from tests.admin_forms import filled
from tests.factories.people import person as make_person
from tests.factories.publishing import AT, actor, staff

pytestmark = pytest.mark.django_db

LETTER = "Asked for by letter."


@pytest.fixture
def registrar(client):
    user = staff("sample.registrar")
    user.groups.add(Group.objects.get(name="registrar"))
    client.force_login(user)
    return client


def _sent(person: Person, **values) -> dict:
    return {"action": "erase", "_selected_action": [person.pk], **values}


def test_page_that_asks_for_a_reason_names_the_action(registrar, person):
    page = registrar.post("/admin/people/person/", _sent(person))
    hidden = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()
    )
    data = {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}

    registrar.post("/admin/people/person/", data | {"reason": "A letter of 3 May."})

    person.refresh_from_db()
    assert person.erased_at is not None


def test_erase_form_requires_reason(registrar, person):
    response = registrar.post("/admin/people/person/", _sent(person))

    assert (
        "Do not include a name, because the reason is kept "
        "permanently in the audit log. The name, rank, "
        "organisation and positions are deleted and cannot be "
        "restored. Participation, training records and certificate "
        "numbers are kept without a name."
    ) in response.content.decode()
    person.refresh_from_db()
    assert person.erased_at is None


def test_registrar_erases_with_a_reason(registrar, person):
    registrar.post("/admin/people/person/", _sent(person, reason=LETTER))

    person.refresh_from_db()
    assert person.erased_at is not None
    assert Deed.objects.latest("position").note == LETTER


def test_change_permission_is_not_enough_to_erase(client, person):
    permissions = Group.objects.get(name="registrar").permissions.exclude(
        codename="erase_person"
    )
    client.force_login(staff(permissions=permissions))

    client.post("/admin/people/person/", _sent(person, reason=LETTER))

    person.refresh_from_db()
    assert person.erased_at is None


def test_erased_person_form_is_read_only(registrar, person):
    address = f"/admin/people/person/{person.pk}/change/"
    data = filled(registrar.get(address))
    erase_person(person, by=staff(), at=AT, reason=LETTER)

    response = registrar.post(address, data)

    assert response.status_code == 403
    assert registrar.get(address).status_code == 200
    assert Person.objects.get(pk=person.pk).name_latin == ""


def test_erased_person_is_not_in_autocomplete(registrar, person):
    other_person = make_person("Other Name")
    erase_person(person, by=staff(), at=AT, reason=LETTER)
    query = "app_label=seminars&model_name=participant&field_name=person&term="

    response = registrar.get(f"/admin/autocomplete/?{query}")

    assert [result["id"] for result in response.json()["results"]] == [
        str(other_person.pk)
    ]


def test_deleting_person_erases_audit_values(registrar):
    person = make_person("Sample Name")
    after = take_snapshot(person)
    audit.append_snapshot_diff(person, before=None, after=after, by=actor(), at=AT)

    registrar.post(f"/admin/people/person/{person.pk}/delete/", {"post": "yes"})

    assert not Person.objects.exists()
    assert not PersonalValue.objects.exists()
    assert verify_chain().first_broken_position is None
