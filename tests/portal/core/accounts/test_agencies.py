"""API keys of agencies: shown once, expiring, and revoked for good."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.core.accounts import operations
from portal.core.accounts.models import AgencyKey
from portal.core.audit.models import Deed
from tests.admin_forms import token_for
from tests.factories import accounts, directory
from tests.factories import publishing as states
from tests.sign_in import confirmed

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 6, 8, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=365)


def _key(**values) -> AgencyKey:
    agency = values.pop("agency", None) or accounts.agency()
    defaults = {"name": "Sample key", "expiry_date": LATER}
    return AgencyKey(agency=agency, **{**defaults, **values})


def test_api_key_is_shown_only_at_creation():
    key = _key()

    plain = operations.create_agency_key(key, by=states.staff(), at=AT)

    stored_key = AgencyKey.objects.get()
    assert AgencyKey.objects.get_from_key(plain) == stored_key == key
    assert plain.split(".")[0] == stored_key.prefix
    secret = plain.split(".")[1]
    assert all(secret not in str(value) for value in vars(stored_key).values())


def test_agency_history_includes_key_changes():
    key = _key()

    operations.create_agency_key(key, by=states.staff(), at=AT)
    operations.revoke_agency_key(key, by=states.staff("sample.other"), at=LATER)
    operations.revoke_agency_key(key, by=states.staff("sample.third"), at=LATER)

    entry_values = [
        (entry.verb, entry.by.username, entry.note)
        for entry in Deed.objects.for_record(key.agency)
    ]
    note = f"{key.prefix} public Sample key"
    assert sorted(entry_values) == [
        ("issued", "sample.clerk", note),
        ("revoked", "sample.other", note),
    ]


def test_api_key_with_past_expiry_is_rejected():
    with pytest.raises(ValidationError) as refused:
        operations.create_agency_key(_key(expiry_date=AT), by=states.staff(), at=AT)

    assert list(refused.value.message_dict) == ["expiry_date"]
    assert not AgencyKey.objects.exists()


def test_database_rejects_api_key_without_expiry():
    with pytest.raises(IntegrityError), transaction.atomic():
        accounts.agency_key(expiry_date=None)


def test_database_rejects_api_key_with_unknown_scope():
    with pytest.raises(IntegrityError), transaction.atomic():
        accounts.agency_key(scope="everything")


def test_usable_excludes_revoked_expired_and_inactive_agency_keys():
    usable = accounts.agency_key(expiry_date=LATER)
    accounts.agency_key(expiry_date=LATER, revoked=True)
    accounts.agency_key(expiry_date=AT)
    accounts.agency_key(accounts.agency(is_active=False), expiry_date=LATER)

    assert list(AgencyKey.objects.usable(AT)) == [usable]


def test_revoked_key_stays_revoked():
    key = accounts.agency_key()

    operations.revoke_agency_key(key, by=states.staff(), at=AT)

    stored_key = AgencyKey.objects.get()
    stored_key.revoked = False
    with pytest.raises(ValidationError):
        stored_key.save()
    assert not AgencyKey.objects.usable(AT).exists()


def test_organ_has_at_most_one_agency():
    organ = directory.organ()
    accounts.agency(organ)

    with pytest.raises(IntegrityError), transaction.atomic():
        accounts.agency(organ)


# ----------------------------------------------------------------------- admin


@pytest.fixture
def chief(client):
    user = states.staff("sample.chief", is_superuser=True)
    confirmed(client, user)
    return user


def _add_key_in_admin(client, **values):
    agency = accounts.agency()
    expires = timezone.localtime(timezone.now() + dt.timedelta(days=values["days"]))
    form = {
        "agency": agency.pk,
        "name": "Sample key",
        "scope": "public",
        "expiry_date_0": expires.strftime("%Y-%m-%d"),
        "expiry_date_1": expires.strftime("%H:%M:%S"),
    }
    address = "/admin/accounts/agencykey/add/"
    return client.post(address, token_for(client, address) | form)


def test_admin_shows_a_new_key_once(client, chief):
    response = _add_key_in_admin(client, days=30)

    key = AgencyKey.objects.get()
    plain = re.search(r"<code>(.+?)</code>", response.content.decode())[1]
    assert AgencyKey.objects.get_from_key(plain) == key
    for path in ("", f"{key.pk}/change/", f"{key.pk}/history/"):
        page = client.get(f"/admin/accounts/agencykey/{path}").content.decode()
        assert plain.split(".")[1] not in page
    assert plain not in str(dict(client.session)) + str(client.cookies)


def test_admin_rejects_key_with_past_expiry(client, chief):
    response = _add_key_in_admin(client, days=-1)

    assert list(response.context["adminform"].form.errors) == ["expiry_date"]
    assert not AgencyKey.objects.exists()


def test_admin_revokes_keys_and_deletes_none(client, chief):
    key = accounts.agency_key()

    client.post(
        "/admin/accounts/agencykey/",
        {"action": "revoke", "_selected_action": [key.pk]},
    )
    refused = client.post(f"/admin/accounts/agencykey/{key.pk}/delete/", {"post": "y"})

    key.refresh_from_db()
    assert key.revoked
    assert refused.status_code == 403


def test_admin_states_the_current_scope_of_a_key(client, chief):
    key = accounts.agency_key(last_used_at=AT)
    expected = "the same data that anyone can read without a key"

    for path in ("add/", f"{key.pk}/change/"):
        page = client.get(f"/admin/accounts/agencykey/{path}").content.decode()
        assert expected in page, path
    assert expected in _add_key_in_admin(client, days=30).content.decode()


def test_admin_shows_when_a_key_was_last_used(client, chief):
    key = accounts.agency_key(last_used_at=AT)

    for path in ("", f"{key.pk}/change/"):
        page = client.get(f"/admin/accounts/agencykey/{path}").content.decode()
        text = re.sub(r"<[^>]+>", " ", page[page.rindex("field-last_used_at") :])
        assert "6 May 2026, " in text, path


def test_admin_cannot_change_key(client, chief):
    key = accounts.agency_key()

    client.post(f"/admin/accounts/agencykey/{key.pk}/change/", {"name": "Other"})

    key.refresh_from_db()
    assert key.name == "Sample key"


def test_admin_form_offers_translator_languages(client, chief):
    page = client.get(f"/admin/accounts/user/{chief.pk}/change/")

    assert 'name="translates" value="vi"' in page.content.decode()
