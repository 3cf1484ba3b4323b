"""Two users submit the form of the same published record at the same time."""

import datetime as dt
import threading
from contextlib import suppress

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.content.publishing.models import Proposal
from portal.content.review import operations as review
from seminars.models import Seminar
from tests import reviewing
from tests.admin_forms import filled
from tests.factories.publishing import AT, actor, published, staff, withdrawn
from tests.factories.seminars import seminar, session
from tests.unrendered_pages import opened_form

LATER = AT + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


def signed_in(username) -> Client:
    client = Client()
    client.force_login(staff(username, is_superuser=True))
    return client


def published_seminar() -> Seminar:
    record = seminar(title_en="Old title")
    session(record, title_en="Opening")
    return published(record)


def form_of(record) -> str:
    return reverse("admin:seminars_seminar_change", args=[record.pk])


@pytest.mark.django_db(transaction=True)
def test_change_is_tried_and_proposed_in_one_transaction(monkeypatch):
    """The lock on the record is not released in between."""
    client, url = signed_in("sample.editor"), form_of(published_seminar())
    form_data = opened_form(client, url) | {"title_en": "New title"}
    propose, is_atomic = review.propose, []

    def observed(*args, **kwargs):
        is_atomic.append(connection.in_atomic_block)
        return propose(*args, **kwargs)

    monkeypatch.setattr(review, "propose", observed)
    response = client.post(url, form_data)

    assert response.status_code == 302
    assert is_atomic == [True]
    assert Proposal.objects.get().wanted["values"]["title_en"] == "New title"


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="a database in memory has one connection"
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("waits_already", [False, True])
def test_of_two_forms_sent_at_the_same_time_one_is_shown_again(
    monkeypatch, waits_already
):
    record = published_seminar()
    url = form_of(record)
    clients = {name: signed_in(f"sample.{name}") for name in ("first", "second")}
    if waits_already:
        client = signed_in("sample.earlier")
        client.post(url, opened_form(client, url) | {"title_en": "Earlier"})
    forms = {name: opened_form(client, url) for name, client in clients.items()}
    propose, barrier, responses = review.propose, threading.Barrier(2), {}

    def after_both_were_tried(*args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=2)
        return propose(*args, **kwargs)

    def send(name):
        try:
            form_data = forms[name] | {"title_en": f"Title of the {name}"}
            responses[name] = clients[name].post(url, form_data)
        finally:
            connection.close()

    monkeypatch.setattr(review, "propose", after_both_were_tried)
    threads = [threading.Thread(target=send, args=[name]) for name in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    codes = {name: response.status_code for name, response in responses.items()}
    assert sorted(codes.values()) == [200, 302]
    winner = next(name for name, code in codes.items() if code == 302)
    loser = next(name for name, code in codes.items() if code == 200)
    title = Proposal.objects.get().wanted["values"]["title_en"]
    assert title == f"Title of the {winner}"
    assert f"sample.{winner} changed this record" in responses[loser].text
    assert filled(responses[loser])["title_en"] == f"Title of the {loser}"


@pytest.mark.django_db
@pytest.mark.parametrize("change", [reviewing.withdraw, None])
def test_form_of_a_record_that_changes_its_state_meanwhile_saves_nothing(
    change, monkeypatch
):
    """A colleague withdraws or republishes the record after it was read but before it
    is locked."""
    record = withdrawn(seminar(title_en="Old title"))
    if change:
        published(_return_to_draft(record))
    client, url = signed_in("sample.editor"), form_of(record)
    form_data = opened_form(client, url) | {"title_en": "New title"}
    model_admin = client.get(url).context["adminform"].model_admin
    original = type(model_admin)._get_record_to_propose

    def then_changed(self, request, object_id):
        result = original(self, request, object_id)
        if change:
            change(Seminar.objects.get(), by=actor(), at=LATER)
        else:
            published(_return_to_draft(Seminar.objects.get()), at=LATER)
        return result

    monkeypatch.setattr(type(model_admin), "_get_record_to_propose", then_changed)
    response = client.post(url, form_data)

    assert response.status_code == 200
    assert (
        "changed this record after you opened it. Your changes "
        "have not been saved. Compare both versions, correct the "
        "form and save again."
    ) in response.text
    assert Seminar.objects.get().title_en == "Old title"
    assert not Proposal.objects.exists()


def _return_to_draft(record: Seminar) -> Seminar:
    reviewing.return_to_draft(record, by=actor(), at=AT)
    return record
