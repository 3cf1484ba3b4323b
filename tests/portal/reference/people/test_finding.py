"""Staff find people under every spelling of their names."""

import unicodedata
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.forms import model_to_dict

from portal.content.spreadsheets.export import iterate_export_rows
from portal.content.spreadsheets.registry import get_resource
from portal.core.audit.models import Deed, PersonalValue
from portal.core.audit.snapshots import take_snapshot
from portal.reference.people.models import Person
from portal.reference.people.operations import erase_person
from portal.staff.search import search_models
from tests.admin_forms import filled
from tests.factories import delegations, seminars
from tests.factories.people import person as make_person
from tests.factories.publishing import AT, actor, staff
from tests.portal.staff.changelists import listed_rows, staff_request

pytestmark = pytest.mark.django_db

LATIN, OWN = "Nguyễn Thị Hồng", "阮氏红"
WRITTEN = (
    *(LATIN, OWN, LATIN.upper(), unicodedata.normalize("NFD", LATIN), "阮氏紅"),
    *("nguyen thi hong", "HONG", "Ｎｇｕｙｅｎ", "Thị\u200b", "氏紅", "NguyễnThịHồng"),
)
OTHER_NAMES = ("Nguyen Van Hong", "阮氏平", "100%", "_")
KEYS = ("name_latin_key", "name_own_key")


@pytest.fixture
def user():
    return staff(is_superuser=True)


@pytest.fixture
def chief(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def person_rows():
    """Create rows of each kind for two people; return those of the first, by path."""
    rows_by_path = {}
    for latin, own in ((LATIN, OWN), ("Tran Van Binh", "陈文平")):
        person = make_person(latin, name_own=own)
        participant = seminars.participant(person=person)
        record = seminars.training_record(participant)
        rows = {
            "people/person": person,
            "seminars/participant": participant,
            "seminars/trainingrecord": record,
            "seminars/certificate": seminars.certificate(record),
            "delegations/member": delegations.member(person=person),
        }
        rows_by_path = rows_by_path or rows
    return rows_by_path


def test_person_is_found_however_the_name_is_written(user, person_rows):
    missed = [
        (path, q)
        for path, row in person_rows.items()
        for q in WRITTEN
        if listed_rows(user, type(row), q) != [row]
    ]

    assert missed == []
    assert [q for q in OTHER_NAMES if listed_rows(user, Person, q)] == []


def test_person_is_offered_however_the_name_is_written(chief, person_rows):
    fields = {
        ("seminars", "participant", "person"): "people/person",
        ("seminars", "session", "speaker"): "people/person",
        ("delegations", "member", "person"): "people/person",
        ("seminars", "trainingrecord", "participant"): "seminars/participant",
        ("seminars", "certificate", "training_record"): "seminars/trainingrecord",
    }
    missed = []
    for (app, model, field), path in fields.items():
        for q in WRITTEN:
            query = {"app_label": app, "model_name": model, "field_name": field}
            body = chief.get("/admin/autocomplete/", query | {"term": q}).json()
            offered = [result["id"] for result in body["results"]]
            if offered != [str(person_rows[path].pk)]:
                missed.append((app, model, field, q))

    assert missed == []


def test_search_over_everything_finds_the_person(user, person_rows):
    address = f"/admin/people/person/{person_rows['people/person'].pk}/change/"
    lists, request = admin.site._registry.values(), staff_request(user)

    urls_by_spelling = {
        q: [row.url for group in search_models(lists, request, q) for row in group.rows]
        for q in WRITTEN
    }

    assert [q for q, urls in urls_by_spelling.items() if address not in urls] == []


def test_person_is_found_by_the_name_that_the_form_changed(chief, user, person_rows):
    address = f"/admin/people/person/{person_rows['people/person'].pk}/change/"
    data = filled(chief.get(address)) | {"name_latin": "Lê Thị Hoa", "name_own": ""}

    assert chief.post(address, data).status_code == 302

    assert not listed_rows(user, Person, "Hồng")
    assert not listed_rows(user, Person, "阮氏红")
    assert listed_rows(user, Person, "LE THI") == [person_rows["people/person"]]


def test_form_warns_of_a_person_whose_name_is_written_otherwise(chief, person_rows):
    address = "/admin/people/person/add/"
    country = person_rows["people/person"].country_id
    names = [("name_latin", LATIN.upper()), ("name_own", "阮氏紅")]
    names += [("name_latin", unicodedata.normalize("NFD", LATIN))]

    for field, name in names:
        data = filled(chief.get(address)) | {field: name, "country": country}
        page = chief.post(address, data).text
        assert ". If yours is a different one, save again." in page, name
    assert Person.objects.count() == 2


# -------------------------------------------------- the keys of names are personal data


def test_keys_of_names_are_in_no_form_history_or_export(chief, person_rows):
    person = person_rows["people/person"]
    address = f"/admin/people/person/{person.pk}/change/"
    chief.post(address, filled(chief.get(address)) | {"name_latin": "Lê Thị Hoa"})
    person.refresh_from_db()

    page = chief.get(address).text + chief.get(f"{address[:-7]}history/").text
    audit_rows = str([list(model.objects.values()) for model in (Deed, PersonalValue)])
    exported = str(list(iterate_export_rows(get_resource("people"), [person.pk])))
    texts = [
        page,
        audit_rows,
        exported,
        str(take_snapshot(person)),
        str(model_to_dict(person)),
    ]

    assert person.name_latin_key == "lethihoa"
    for text in texts:
        assert "lethihoa" not in text
        assert not any(key in text for key in KEYS)


def test_erased_person_has_no_keys(user, person_rows):
    person = person_rows["people/person"]
    assert (person.name_latin_key, person.name_own_key) == ("nguyenthihong", OWN)

    erase_person(person, by=actor(), at=AT, reason="Asked for by letter.")

    person.refresh_from_db()
    assert (person.name_latin_key, person.name_own_key) == ("", "")
    assert not listed_rows(user, Person, LATIN)


@pytest.mark.parametrize("key", KEYS)
def test_erased_person_cannot_be_given_keys(person_rows, key):
    person = person_rows["people/person"]
    erase_person(person, by=actor(), at=AT, reason="Asked for by letter.")

    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**{key: "nguyenthihong"})


def test_people_saved_before_are_given_keys(person_rows):
    erased = make_person("Erased Person")
    erase_person(erased, by=actor(), at=AT, reason="Asked for by letter.")
    expected = list(Person.objects.order_by("pk").values(*KEYS))
    Person.objects.update(name_latin_key="", name_own_key="")
    migration = import_module(
        "portal.reference.people.migrations.0004_fill_comparable_names"
    )
    (step,) = migration.Migration.operations

    step.code(apps, SimpleNamespace(connection=connection))

    assert list(Person.objects.order_by("pk").values(*KEYS)) == expected
    assert expected[-1] == dict.fromkeys(KEYS, "")
