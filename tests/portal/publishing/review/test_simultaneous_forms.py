"""Two people send the form of the same published record at the same time."""

import datetime as dt
import threading
from contextlib import suppress

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.publishing.models import Proposal
from portal.publishing.review import operations as review
from seminars.models import Seminar
from tests import reviewing
from tests.adminforms import filled
from tests.factories.publishing import AT, actor, published, staff, withdrawn
from tests.factories.seminars import seminar, session

LATER = AT + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.FOUR_EYES = True


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
    """The lock of the record is not given up in between."""
    client, address = signed_in("sample.editor"), form_of(published_seminar())
    sent = filled(client.get(address)) | {"title_en": "New title"}
    propose, is_atomic = review.propose, []

    def observed(*args, **kwargs):
        is_atomic.append(connection.in_atomic_block)
        return propose(*args, **kwargs)

    monkeypatch.setattr(review, "propose", observed)
    answer = client.post(address, sent)

    assert answer.status_code == 302
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
    address = form_of(record)
    clients = {name: signed_in(f"sample.{name}") for name in ("first", "second")}
    if waits_already:
        client = signed_in("sample.earlier")
        client.post(address, filled(client.get(address)) | {"title_en": "Earlier"})
    forms = {name: filled(client.get(address)) for name, client in clients.items()}
    propose, barrier, answers = review.propose, threading.Barrier(2), {}

    def after_both_were_tried(*args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=2)
        return propose(*args, **kwargs)

    def send(name):
        try:
            sent = forms[name] | {"title_en": f"Title of the {name}"}
            answers[name] = clients[name].post(address, sent)
        finally:
            connection.close()

    monkeypatch.setattr(review, "propose", after_both_were_tried)
    threads = [threading.Thread(target=send, args=[name]) for name in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    codes = {name: answer.status_code for name, answer in answers.items()}
    assert sorted(codes.values()) == [200, 302]
    winner = next(name for name, code in codes.items() if code == 302)
    loser = next(name for name, code in codes.items() if code == 200)
    title = Proposal.objects.get().wanted["values"]["title_en"]
    assert title == f"Title of the {winner}"
    assert f"sample.{winner} has changed this record" in answers[loser].text
    assert filled(answers[loser])["title_en"] == f"Title of the {loser}"


@pytest.mark.django_db
@pytest.mark.parametrize("change", [reviewing.withdraw, None])
def test_form_of_a_record_that_changes_its_state_meanwhile_saves_nothing(
    change, monkeypatch
):
    """Between the reading of the record and its lock a colleague withdraws it, or
    publishes it again."""
    record = withdrawn(seminar(title_en="Old title"))
    if change:
        published(_back_to_draft(record))
    client, address = signed_in("sample.editor"), form_of(record)
    sent = filled(client.get(address)) | {"title_en": "New title"}
    model_admin = client.get(address).context["adminform"].model_admin
    found = type(model_admin)._found

    def then_changed(self, request, object_id):
        result = found(self, request, object_id)
        if change:
            change(Seminar.objects.get(), by=actor(), at=LATER)
        else:
            published(_back_to_draft(Seminar.objects.get()), at=LATER)
        return result

    monkeypatch.setattr(type(model_admin), "_found", then_changed)
    answer = client.post(address, sent)

    assert answer.status_code == 200
    assert "has changed this record" in answer.text
    assert Seminar.objects.get().title_en == "Old title"
    assert not Proposal.objects.exists()


def _back_to_draft(record: Seminar) -> Seminar:
    reviewing.return_to_draft(record, by=actor(), at=AT)
    return record
