"""Erasing a person at the desk: who may, and what stays of their form."""

import pytest
from django.contrib.auth.models import Group

from portal.history import operations as history
from portal.history.chain import verify
from portal.history.models import Deed, PersonalValue
from portal.history.snapshots import snapshot
from portal.people.models import Person
from portal.people.operations import erase
from tests.adminforms import filled
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


def test_registrar_is_asked_for_a_reason(registrar, person):
    answer = registrar.post("/admin/people/person/", _sent(person))

    assert "Write no name" in answer.content.decode()
    person.refresh_from_db()
    assert person.erased_at is None


def test_registrar_erases_with_a_reason(registrar, person):
    registrar.post("/admin/people/person/", _sent(person, reason=LETTER))

    person.refresh_from_db()
    assert person.erased_at is not None
    assert Deed.objects.latest("position").note == LETTER


def test_who_may_only_change_people_does_not_erase(client, person):
    may = Group.objects.get(name="registrar").permissions.exclude(
        codename="erase_person"
    )
    client.force_login(staff(permissions=may))

    client.post("/admin/people/person/", _sent(person, reason=LETTER))

    person.refresh_from_db()
    assert person.erased_at is None


def test_erased_person_has_no_form_to_change(registrar, person):
    address = f"/admin/people/person/{person.pk}/change/"
    data = filled(registrar.get(address))
    erase(person, by=staff(), at=AT, reason=LETTER)

    answer = registrar.post(address, data)

    assert answer.status_code == 403
    assert registrar.get(address).status_code == 200
    assert Person.objects.get(pk=person.pk).name_latin == ""


def test_erased_person_is_not_offered(registrar, person):
    other = make_person("Other Name")
    erase(person, by=staff(), at=AT, reason=LETTER)
    asked = "app_label=seminars&model_name=participant&field_name=person&term="

    answer = registrar.get(f"/admin/autocomplete/?{asked}")

    assert [one["id"] for one in answer.json()["results"]] == [str(other.pk)]


def test_deleted_person_goes_from_the_history_too(registrar):
    person = make_person("Sample Name")
    after = snapshot(person)
    history.append_changes(person, before=None, after=after, by=actor(), at=AT)

    registrar.post(f"/admin/people/person/{person.pk}/delete/", {"post": "yes"})

    assert not Person.objects.exists()
    assert not PersonalValue.objects.exists()
    assert verify().broken_at is None
