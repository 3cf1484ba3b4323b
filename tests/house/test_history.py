"""No way to write escapes the history: every form of the admin tells what it did."""

import pytest
from django.apps import apps

from portal.history.chain import verify
from portal.history.models import Deed
from tests.adminforms import errors, filled
from tests.factories.publishing import staff
from tests.house.addresses import ADMIN_MODELS
from tests.house.relations import fresh

pytestmark = pytest.mark.django_db

# What a clerk writes into a form of each kind, so that something is different.
WORDS = {
    "accounts/user": {"last_name": "Invented"},
    "conference/article": {"title_en": "Other words"},
    "conference/document": {"title_en": "Other words"},
    "conference/edition": {"theme_en": "Other words"},
    "conference/page": {"title_en": "Other words"},
    "delegations/member": {"office_en": "Other words"},
    "delegations/visit": {"title_en": "Other words"},
    "directory/country": {"name_en": "Other words"},
    "directory/organ": {"name_en": "Other words"},
    "directory/place": {"name_en": "Other words"},
    "directory/topic": {"name_en": "Other words"},
    "exchanges/coordinationrequest": {"received_on": "2024-02-03"},
    "exchanges/mechanism": {"name_en": "Other words"},
    "exchanges/meeting": {"title_en": "Other words"},
    "figures/reportedfigure": {"text_en": "Other words"},
    "files/picture": {"alternative_en": "Other words"},
    "people/person": {"rank": "Other words"},
    "publishing/evidenceonlyhost": {"reason": "Other words"},
    "publishing/redirect": {"new_path": "/zh-hans/"},
    "seminars/certificate": {"issued_on": "2024-02-03"},
    "seminars/seminar": {"title_en": "Other words"},
    "seminars/trainingrecord": {"hours_attended": "3.5"},
}
# Their forms have nothing that a clerk may write over.
FIXED = {
    "accounts/agency",
    "directory/namedparty",
    "publishing/errorreport",
    "seminars/participant",
}
CHANGED = [name for name in ADMIN_MODELS if "change" in ADMIN_MODELS[name]]
DELETED = [
    name
    for name in ADMIN_MODELS
    if "delete" in ADMIN_MODELS[name] and name != "jobs/job"
]


@pytest.fixture
def chief(client):
    chief = staff("sample.chief", is_superuser=True)
    client.force_login(chief)
    # Whoever changes people's access has given the password lately.
    client.post("/accounts/reauthenticate/", {"password": "sample-password"})
    return client


def row_of(name: str):
    model = apps.get_model(*name.split("/"))
    return staff() if name == "accounts/user" else fresh(model)


def test_every_form_is_in_the_table():
    assert set(CHANGED) == set(WORDS) | FIXED


@pytest.mark.parametrize("name", WORDS)
def test_saved_form_is_told(chief, name):
    row = row_of(name)
    address = f"/admin/{name}/{row.pk}/change/"
    data = filled(chief.get(address)) | WORDS[name]

    answer = chief.post(address, data)

    assert answer.status_code == 302, errors(answer)
    deed = Deed.objects.filter(model=row._meta.label_lower).latest("position")
    assert (deed.verb, deed.row, deed.by.username) == (
        "changed",
        str(row.pk),
        "sample.chief",
    )
    fields = {change["field"] for change in deed.changes}
    assert next(iter(WORDS[name])).removesuffix("_en") in fields
    assert verify().broken_at is None


@pytest.mark.parametrize("name", [name for name in DELETED if name != "accounts/user"])
def test_deleted_row_is_told(chief, name):
    row = row_of(name)
    pk = str(row.pk)

    answer = chief.post(f"/admin/{name}/{pk}/delete/", {"post": "yes"})

    assert answer.status_code == 302
    assert not type(row).objects.filter(pk=row.pk).exists()
    told = Deed.objects.filter(model=row._meta.label_lower, verb="deleted")
    assert [deed.row for deed in told] == [pk]


@pytest.mark.parametrize("name", ["people/person", "seminars/trainingrecord"])
def test_names_of_people_stand_nowhere_in_the_chain(chief, name):
    row = row_of(name)
    address = f"/admin/{name}/{row.pk}/change/"
    chief.post(address, filled(chief.get(address)) | WORDS[name])

    told = str(list(Deed.objects.values()))

    assert Deed.objects.exists()
    for person in apps.get_model("people.person").objects.all():
        for words in filter(None, (person.name_latin, person.name_own)):
            assert words not in told
