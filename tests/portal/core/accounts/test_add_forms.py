"""Each opened admin add form creates at most one row, however often it is sent."""

import datetime as dt
import json
import threading
import time

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.content.publishing.models import ImportBatch
from portal.core.accounts import operations
from portal.core.accounts.add_forms import AddFormAdmin
from portal.core.accounts.form_tokens import issue_token, read_token
from portal.core.accounts.models import FormSubmission, User
from portal.core.accounts.tasks import prune_form_submissions
from portal.core.audit.models import Deed
from portal.reference.directory.models import Topic
from seminars.models import Seminar
from tests.admin_forms import errors, filled, rows, token_for, token_of
from tests.factories import accounts, delegations, directory, exchanges, people
from tests.factories import seminars as training
from tests.factories.files import JPEG, PDF, stored_file
from tests.factories.publishing import AT, staff
from tests.portal.content.spreadsheets.import_helpers import csv_of
from tests.project.staff_dataset import model_of
from tests.project.url_table import ADMIN_MODELS
from tests.sign_in import confirmed
from tests.unrendered_pages import open_page

ADDABLE = [name for name, rights in ADMIN_MODELS.items() if "add" in rights]
TOPIC = "/admin/directory/topic/add/"
FACTS = {"key": "sample", "name_en": "Sample topic"}
EXPIRY = {"expiry_date_0": "2999-01-01", "expiry_date_1": "00:00:00"}
# Valid data for the add form of each model; functions, because some create rows.
FORMS = {
    "accounts/agency": lambda: {"organ": directory.organ().pk},
    "accounts/agencykey": lambda: {
        "agency": accounts.agency().pk,
        "name": "Sample key",
        "scope": "public",
        **EXPIRY,
    },
    "accounts/user": lambda: {"username": "sample.new", "interface_language": "en"},
    "conference/article": lambda: {"slug": "opening", "title_en": "Opening"},
    "conference/document": lambda: {"document_kind": "mou", "title_en": "Sample"},
    "conference/edition": lambda: {"number": 7, "theme_en": "Sample theme"},
    "conference/page": lambda: {"slug": "sample", "title_en": "Sample"},
    "delegations/member": lambda: {
        "visit": delegations.visit("VIS-0001").pk,
        "person": people.person().pk,
        "office_en": "Sample office",
    },
    "delegations/visit": lambda: {
        "direction": "inbound",
        "scope": "prosecutors",
        "from_country": directory.any_country("VN").pk,
        "to_country": directory.any_country("CN").pk,
    },
    "directory/country": lambda: {"iso2": "XM", "name_en": "Sample Country"},
    "directory/namedparty": lambda: {
        "name": "Sample Ministry",
        "country": directory.any_country("VN").pk,
    },
    "directory/organ": lambda: {
        "key": "sample-organ",
        "level": "national",
        "name_en": "Sample Organ",
        "country": directory.any_country("VN").pk,
    },
    "directory/place": lambda: {
        "key": "sample-place",
        "time_zone": "Asia/Ho_Chi_Minh",
        "name_en": "Sample Place",
        "country": directory.any_country("VN").pk,
    },
    "directory/topic": lambda: FACTS,
    "exchanges/coordinationrequest": lambda: {
        "mechanism": exchanges.mechanism("sample").pk,
        "direction": "in",
        "request_kind": "service",
        "received_on": "2024-05-06",
    },
    "exchanges/mechanism": lambda: {
        "key": "sample",
        "mechanism_kind": "regular_meeting",
        "name_en": "Sample",
    },
    "exchanges/meeting": lambda: {
        "other_country": directory.any_country("VN").pk,
        "outcome_en": "Sample",
    },
    "figures/reportedfigure": lambda: {
        "key": "sample-figure",
        "value": 7,
        "qualifier": "exact",
        "as_of": "2018-12-31",
        "precision": "year",
        "subject": "seminars",
        "text_en": "Sample figure",
    },
    "files/picture": lambda: {
        "file": stored_file(JPEG, "sample.jpg").pk,
        "alternative_en": "Sample",
    },
    "files/storedfile": lambda: {"upload": SimpleUploadedFile("a.pdf", PDF)},
    "people/person": lambda: {
        "name_latin": "Sample Person",
        "country": directory.any_country("VN").pk,
    },
    "publishing/evidenceonlyhost": lambda: {
        "host": "copies.example",
        "reason": "A copy.",
    },
    "publishing/importbatch": lambda: {
        "resource": "seminars",
        "file": SimpleUploadedFile("a.csv", csv_of(("title_zh", "scope"), ("A", "x"))),
    },
    "publishing/redirect": lambda: {"old_path": "/ywb/a.shtml", "new_path": "/en/"},
    "seminars/certificate": lambda: {
        "training_record": training.training_record().pk,
        "number": "CERT-2024-0001",
        "issued_on": "2024-05-06",
    },
    "seminars/participant": lambda: {
        "seminar": training.seminar("SEM-0001").pk,
        "person": people.person().pk,
    },
    "seminars/seminar": lambda: {"scope": "prosecutors", "title_en": "Sample"},
    "seminars/trainingrecord": lambda: {
        "participant": training.participant().pk,
        "role": "trainee",
    },
}


def address_of(name: str) -> str:
    return reverse("admin:{}_{}_add".format(*name.split("/")))


def rewind_files(facts: dict) -> dict:
    """Rewind the files in ``facts`` so that the data can be posted a second time."""
    for value in facts.values():
        if hasattr(value, "seek"):
            value.seek(0)
    return facts


@pytest.fixture
def staff_client(client) -> Client:
    """Return a client signed in as a superuser who has just entered the password."""
    return confirmed(client, staff("sample.clerk", is_superuser=True))


def messages_of(response) -> str:
    """Return the messages that the next page shows."""
    return " ".join(map(str, get_messages(response.wsgi_request)))


# ---------------------------------------------------------------------- all add forms


def test_table_of_forms_names_every_add_form():
    assert set(FORMS) == set(ADDABLE)


def test_every_registered_admin_saves_add_forms_once():
    wrong = [
        model._meta.label
        for model, model_admin in admin.site._registry.items()
        if not isinstance(model_admin, AddFormAdmin)
    ]

    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_add_form_is_refused_without_token_and_saved_once_with_it(name, staff_client):
    address, model = address_of(name), model_of(name)
    facts, page = FORMS[name](), open_page(staff_client.get, address)
    is_model_form = page.context.get("adminform") is not None
    token = {"form_token": page.context["form_token"]}
    sent = (filled(page) if is_model_form else {}) | token | facts
    before = set(model.objects.values_list("pk", flat=True))

    refused = staff_client.post(address, sent | {"form_token": ""})

    assert refused.status_code == 200
    assert (
        "Nothing was saved, because this form could not be "
        "verified. Check your entries, select any files again and "
        "save again."
    ) in refused.text
    assert set(model.objects.values_list("pk", flat=True)) == before
    # Both tokens are valid: that of the refused form is used, that of the page read.
    for shown in (token, token_of(refused)):
        check_token(shown, model)
    sent |= token_of(refused)

    first = staff_client.post(address, rewind_files(sent))
    second = staff_client.post(address, rewind_files(sent))

    created = set(model.objects.values_list("pk", flat=True)) - before
    assert len(created) == 1, errors(first)
    row = model.objects.get(pk=created.pop())
    opts = model._meta
    change = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    assert second.status_code == 302, errors(second)
    assert second["Location"] == change
    text = messages_of(second)
    if name == "accounts/agencykey":
        # Only the first response showed the key; the browser may have discarded it.
        assert (
            "This form was sent twice. The key was created once and "
            "shown only once. If you did not copy it, revoke it and "
            "create another key."
        ) in text
    else:
        assert f"This form has already been saved as “{row}”" in text


def check_token(token: dict[str, str], model) -> None:
    """Raise FormTokenError unless ``token`` is that of an add form of ``model``."""
    user = User.objects.get(username="sample.clerk")
    form = f"{model._meta.label_lower}:add"
    assert read_token(token["form_token"], user=user, form=form)


# ----------------------------------------------------------------------------- tokens


def forged(token: str) -> str:
    return token[:-1] + ("A" if token[-1] != "A" else "B")


def hostile_tokens(user: User) -> dict[str, str]:
    token = issue_token(user, "directory.topic:add")
    other_user = staff("sample.other", is_superuser=True)
    return {
        "forged": forged(token),
        "truncated": token[: len(token) // 2],
        "signature only": token.rpartition(":")[2],
        "empty": "",
        "NUL": f"\0{token}",
        "NUL behind": f"{token}\0",
        "very long": token * 2000,
        "long": token + "A" * 400,
        "not ASCII": "表单令牌",
        "of another user": issue_token(other_user, "directory.topic:add"),
        "of another form": issue_token(user, "directory.place:add"),
        "other signed data": signing.dumps(["x", user.pk, "directory.topic:add"]),
        "signed text": signing.dumps("x", salt="portal.accounts.form-token"),
        "signed number": signing.dumps(7, salt="portal.accounts.form-token"),
        "signed list": signing.dumps([], salt="portal.accounts.form-token"),
    }


@pytest.mark.django_db
def test_hostile_token_is_refused_with_the_text_kept(staff_client):
    user = User.objects.get(username="sample.clerk")
    for case, token in hostile_tokens(user).items():
        refused = staff_client.post(TOPIC, FACTS | {"form_token": token})

        assert refused.status_code == 200, case
        assert not Topic.objects.exists(), case
        assert not FormSubmission.objects.exists(), case
        assert "could not be verified" in str(refused.context["errors"]), case
        assert filled(refused)["name_en"] == "Sample topic", case
        fresh = token_of(refused)["form_token"]
        assert fresh != token, case
    assert staff_client.post(TOPIC, FACTS | {"form_token": fresh}).status_code == 302
    assert Topic.objects.get().name_en == "Sample topic"


@pytest.mark.django_db
def test_token_sent_several_times_counts_as_its_last_value(staff_client):
    tokens = [token_for(staff_client, TOPIC)["form_token"] for _number in range(2)]

    response = staff_client.post(TOPIC, FACTS | {"form_token": tokens})

    assert response.status_code == 302
    assert Topic.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_saved"), [(2.9, True), (3.1, False)])
def test_token_expires_after_three_days_and_the_text_is_kept(
    staff_client, monkeypatch, days, is_saved
):
    now = time.time()
    with monkeypatch.context() as earlier:
        earlier.setattr(signing.time, "time", lambda: now - days * 24 * 60 * 60)
        token = issue_token(User.objects.get(), "directory.topic:add")

    response = staff_client.post(TOPIC, FACTS | {"form_token": token})

    assert Topic.objects.exists() is is_saved
    if not is_saved:
        assert (
            "Nothing was saved, because this form was open for more "
            "than 3 days. Check your entries, select any files again "
            "and save again."
        ) in str(response.context["errors"])
        assert filled(response)["name_en"] == "Sample topic"
        assert staff_client.post(TOPIC, FACTS | token_of(response)).status_code == 302


@pytest.mark.django_db
def test_token_stays_usable_after_a_validation_error(staff_client):
    token = token_for(staff_client, TOPIC)

    refused = staff_client.post(TOPIC, {"key": "sample"} | token)
    saved = staff_client.post(TOPIC, FACTS | token_of(refused))

    assert refused.status_code == 200
    assert token_of(refused) == token
    assert saved.status_code == 302
    assert FormSubmission.objects.get().object_id == str(Topic.objects.get().pk)


@pytest.mark.django_db
def test_token_stays_usable_after_an_error_in_an_inline(staff_client):
    address = "/admin/conference/article/add/"
    sent = filled(staff_client.get(address)) | {
        "slug": "opening",
        "title_en": "Opening",
    }
    prefix = "publishing-source-content_type-object_id"
    wrong = rows(prefix, {"position": 0, "url": "ftp://agency.example/"})

    refused = staff_client.post(address, sent | wrong)

    assert refused.status_code == 200
    assert not FormSubmission.objects.exists()
    assert staff_client.post(address, sent).status_code == 302


@pytest.mark.django_db
def test_token_stays_usable_after_a_failure_while_saving(staff_client, monkeypatch):
    token = token_for(staff_client, TOPIC)
    staff_client.raise_request_exception = False

    def fail(*args, **kwargs):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("portal.core.audit.admin.operations.append_snapshot_diff", fail)
        failed = staff_client.post(TOPIC, FACTS | token)

    assert failed.status_code == 500
    assert not Topic.objects.exists()
    assert staff_client.post(TOPIC, FACTS | token).status_code == 302


# ---------------------------------------------------------------------------- repeats


@pytest.mark.django_db
def test_back_and_save_changes_nothing_and_says_so(staff_client):
    token = token_for(staff_client, TOPIC)
    staff_client.post(TOPIC, FACTS | token)
    entries = Deed.objects.count()

    response = staff_client.post(
        TOPIC, {"key": "other", "name_en": "Other words"} | token
    )

    topic = Topic.objects.get()
    assert topic.name_en == "Sample topic"
    assert Deed.objects.count() == entries
    assert response["Location"] == f"/admin/directory/topic/{topic.pk}/change/"
    assert (
        "”. Later changes in that form were not saved. Make them "
        "here. To add another record, open a new form."
    ) in messages_of(response)


@pytest.mark.django_db
@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother"])
def test_repeat_leads_to_the_first_record_whatever_button_was_used(
    staff_client, button
):
    sent = FACTS | token_for(staff_client, TOPIC) | {button: "1"}
    staff_client.post(TOPIC, sent)

    response = staff_client.post(TOPIC, sent)

    topic = Topic.objects.get()
    assert response["Location"] == f"/admin/directory/topic/{topic.pk}/change/"


@pytest.mark.django_db
def test_next_form_of_save_and_add_another_has_a_token_of_its_own(staff_client):
    first = token_for(staff_client, TOPIC)
    response = staff_client.post(TOPIC, FACTS | first | {"_addanother": "1"})
    second = token_for(staff_client, response["Location"])

    staff_client.post(TOPIC, {"key": "second", "name_en": "Second topic"} | second)

    assert first != second
    assert Topic.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("to_field", [{}, {"_to_field": "id"}])
def test_repeat_in_a_popup_chooses_the_first_record(staff_client, to_field):
    address = f"{TOPIC}?_popup=1"
    sent = FACTS | token_for(staff_client, address) | {"_popup": "1"} | to_field
    staff_client.post(address, sent)

    response = staff_client.post(address, sent)

    data = json.loads(response.context["popup_response_data"])
    topic = Topic.objects.get()
    assert (data["value"], data["obj"]) == (str(topic.pk), str(topic))


@pytest.mark.django_db
def test_repeat_in_a_popup_with_a_hostile_field_is_a_redirect(staff_client):
    address = f"{TOPIC}?_popup=1"
    sent = FACTS | token_for(staff_client, address) | {"_popup": "1"}
    staff_client.post(address, sent)

    response = staff_client.post(address, sent | {"_to_field": "updated_by"})

    assert response.status_code == 302


@pytest.mark.django_db
def test_repeat_after_the_record_was_deleted_says_so(staff_client):
    sent = FACTS | token_for(staff_client, TOPIC)
    staff_client.post(TOPIC, sent)
    Topic.objects.all().delete()

    response = staff_client.post(TOPIC, sent)

    assert response["Location"] == "/admin/directory/topic/"
    assert (
        "This form has already been saved. The item that it "
        "created has been deleted, or you do not have permission "
        "to view it. To add another one, open a new form."
    ) in messages_of(response)
    assert not Topic.objects.exists()


@pytest.mark.django_db
def test_repeat_by_a_user_who_lost_the_permission_is_refused(staff_client):
    sent = FACTS | token_for(staff_client, TOPIC)
    staff_client.post(TOPIC, sent)
    User.objects.update(is_superuser=False)

    assert staff_client.post(TOPIC, sent).status_code == 403


@pytest.mark.django_db
def test_key_of_an_agency_is_not_shown_by_a_repeat(staff_client):
    address = "/admin/accounts/agencykey/add/"
    sent = FORMS["accounts/agencykey"]() | token_for(staff_client, address)
    first = staff_client.post(address, sent)

    response = staff_client.post(address, sent | {"_popup": "1"})

    assert first.context["plain_key"] not in response.text
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["directory/topic", "conference/article"])
def test_change_form_cannot_add_a_row(name, staff_client):
    """A POST with ``_saveasnew`` to a change URL makes Django's admin add a new row."""
    address = address_of(name)
    sent = filled(staff_client.get(address)) | FORMS[name]()
    staff_client.post(address, sent)
    model = model_of(name)
    change = f"/admin/{name}/{model.objects.get().pk}/change/"
    form_data = {"key": "other", "slug": "other", "_saveasnew": "1"}

    response = staff_client.post(
        change, filled(staff_client.get(change)) | FORMS[name]() | form_data
    )

    assert response.status_code == 403
    assert model.objects.count() == 1


# ----------------------------------------------------------------- custom add forms


@pytest.mark.django_db
def test_copy_of_a_seminar_sent_twice_is_made_once(staff_client):
    record = training.seminar(
        "SEM-0900",
        title_en="Sample",
        starts_on=dt.date(2025, 5, 6),
        date_precision="day",
    )
    address = f"/admin/seminars/seminar/{record.pk}/copy/"
    sent = {"first_day_on": "2026-05-06"} | token_for(staff_client, address)
    first = staff_client.post(address, sent)

    second = staff_client.post(address, sent)

    assert Seminar.objects.count() == 2
    assert second["Location"] == first["Location"]
    assert (
        "”. Later changes in that form were not saved. Make them "
        "here. To add another record, open a new form."
    ) in messages_of(second)


@pytest.mark.django_db
def test_copy_without_token_is_refused_with_the_day_kept(staff_client):
    record = training.seminar(
        "SEM-0900",
        title_en="Sample",
        starts_on=dt.date(2025, 5, 6),
        date_precision="day",
    )
    address = f"/admin/seminars/seminar/{record.pk}/copy/"

    refused = staff_client.post(address, {"first_day_on": "2026-05-07"})

    assert "could not be verified" in refused.text
    assert 'value="2026-05-07"' in refused.text
    assert Seminar.objects.count() == 1
    sent = {"first_day_on": "2026-05-07"} | token_of(refused)
    assert staff_client.post(address, sent).status_code == 302


@pytest.mark.django_db
def test_upload_with_an_error_keeps_its_token(staff_client):
    address = address_of("publishing/importbatch")
    token = token_for(staff_client, address)

    refused = staff_client.post(address, {"resource": "seminars"} | token)

    assert token_of(refused) == token
    sent = FORMS["publishing/importbatch"]() | token
    assert staff_client.post(address, sent).status_code == 302
    assert ImportBatch.objects.count() == 1


# ------------------------------------------------------------ simultaneous requests


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="a database in memory has one connection"
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["directory/topic", "seminars/seminar"])
def test_form_sent_at_the_same_time_creates_one_row(name):
    user = staff("sample.clerk", is_superuser=True)
    clients = [confirmed(Client(), user) for _number in range(4)]
    address = address_of(name)
    sent = filled(clients[0].get(address)) | FORMS[name]()
    start, responses = threading.Barrier(4), []

    def send(client):
        start.wait()
        try:
            responses.append(client.post(address, sent))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [response.status_code for response in responses] == [302] * 4
    row = model_of(name).objects.get()
    addresses = [response["Location"] for response in responses]
    assert addresses.count(f"/admin/{name}/{row.pk}/change/") == 3


# ---------------------------------------------------------------------------- pruning


@pytest.mark.django_db
def test_submissions_are_pruned_when_their_tokens_have_expired(staff_client):
    user, now = User.objects.get(), timezone.now()
    for days in (0, 3, 5):
        claim, _is_new = operations.claim_token(
            f"token-{days}", model=Topic, by=user, at=now - dt.timedelta(days=days)
        )
        operations.complete_claim(claim, row=user)

    assert prune_form_submissions() == 1
    tokens = FormSubmission.objects.values_list("token", flat=True)
    assert set(tokens) == {"token-0", "token-3"}


@pytest.mark.django_db
def test_claimed_token_is_returned_and_released_token_is_claimed_again(staff_client):
    user = User.objects.get()
    first, _is_new = operations.claim_token("x", model=Topic, by=user, at=AT)
    assert operations.claim_token("x", model=Topic, by=user, at=AT) == (first, False)

    operations.release_claim(first)

    assert operations.claim_token("x", model=Topic, by=user, at=AT)[1]
