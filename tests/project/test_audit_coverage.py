"""Every form of the admin writes an audit entry for what it saves or deletes."""

import pytest
from django.apps import apps

from portal.core.audit.chain import verify_chain
from portal.core.audit.models import Deed
from tests.admin_forms import errors, filled
from tests.factories.publishing import staff
from tests.failures import collect_failures
from tests.project.related_records import fresh
from tests.project.url_table import ADMIN_MODELS, RECORD_MODELS
from tests.unrendered_pages import open_page

pytestmark = pytest.mark.django_db

# For each model, an input that changes something in its form.
WORDS = {
    **{
        name: {f"{model.text_fields[0]}_en": "Other words"}
        for name, model in RECORD_MODELS.items()
    },
    "accounts/user": {"last_name": "Invented"},
    "delegations/member": {"office_en": "Other words"},
    "directory/place": {"name_en": "Other words"},
    "directory/topic": {"name_en": "Other words"},
    "exchanges/coordinationrequest": {"received_on": "2024-02-03"},
    "files/picture": {"alternative_en": "Other words"},
    "people/person": {"rank": "Other words"},
    "publishing/evidenceonlyhost": {"reason": "Other words"},
    "publishing/headingmapping": {"field": "reported_participants"},
    "publishing/redirect": {"new_path": "/zh-hans/"},
    "seminars/certificate": {"issued_on": "2024-02-03"},
    "seminars/trainingrecord": {"hours_attended": "3.5"},
}
# Their forms have no field that may be changed.
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
    # Changing access needs a recently entered password.
    client.post("/accounts/reauthenticate/", {"password": "sample-password"})
    return client


def row_of(name: str):
    model = apps.get_model(*name.split("/"))
    return staff() if name == "accounts/user" else fresh(model)


def test_every_admin_form_is_in_audit_table():
    assert set(CHANGED) == set(WORDS) | FIXED


def test_admin_save_writes_audit_entry(chief):
    with collect_failures() as failures:
        for name, values in WORDS.items():
            with failures.isolated_case(name):
                _check_saved(chief, name, values)
    assert verify_chain().first_broken_position is None


def _check_saved(chief, name: str, values: dict[str, str]) -> None:
    row = row_of(name)
    address = f"/admin/{name}/{row.pk}/change/"

    form = filled(open_page(chief.get, address))
    answer = chief.post(address, form | values)

    assert answer.status_code == 302, errors(answer)
    entry = Deed.objects.filter(model=row._meta.label_lower).latest("position")
    assert entry.verb == "changed"
    assert entry.row == str(row.pk)
    assert entry.by.username == "sample.chief"
    fields = {change["field"] for change in entry.changes}
    assert next(iter(values)).removesuffix("_en") in fields
    assert verify_chain().first_broken_position is None


def test_admin_delete_writes_audit_entry(chief):
    with collect_failures() as failures:
        for name in DELETED:
            if name == "accounts/user":
                continue
            with failures.isolated_case(name):
                row = row_of(name)
                pk = str(row.pk)
                answer = chief.post(f"/admin/{name}/{pk}/delete/", {"post": "yes"})
                assert answer.status_code == 302
                assert not type(row).objects.filter(pk=row.pk).exists()
                entries = Deed.objects.filter(model=row._meta.label_lower)
                deleted = entries.filter(verb="deleted").values_list("row", flat=True)
                assert list(deleted) == [pk]


@pytest.mark.parametrize("name", ["people/person", "seminars/trainingrecord"])
def test_audit_chain_contains_no_person_names(chief, name):
    row = row_of(name)
    address = f"/admin/{name}/{row.pk}/change/"
    chief.post(address, filled(open_page(chief.get, address)) | WORDS[name])

    entries = str(list(Deed.objects.values()))

    assert Deed.objects.exists()
    for person in apps.get_model("people.person").objects.all():
        for person_name in filter(None, (person.name_latin, person.name_own)):
            assert person_name not in entries
