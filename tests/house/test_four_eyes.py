"""Nothing of any kind becomes public that one person alone decided, by any form."""

import pytest
from django.contrib.contenttypes.models import ContentType

from portal.catalogue.registry import kinds
from portal.changes.models import Change
from portal.publishing import operations
from portal.publishing.choices import Status
from portal.publishing.models import Proposal
from tests import reviewing
from tests.adminforms import errors, filled
from tests.factories import publishing as states
from tests.house.relations import fresh
from tests.house.samples import days_of
from tests.house.test_history import WORDS

pytestmark = pytest.mark.django_db

KINDS = [kind.code for kind in kinds()]


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.FOUR_EYES = True


@pytest.fixture
def editor(client):
    """May do everything, and is still one person."""
    user = states.staff("sample.editor", is_superuser=True)
    client.force_login(user)
    return user


def _kind(code: str):
    return next(kind for kind in kinds() if kind.code == code)


def _made(code: str):
    kind = _kind(code)
    return fresh(kind.model, **days_of(kind))


def _list(record) -> str:
    opts = record._meta
    return f"/admin/{opts.app_label}/{opts.model_name}/"


def _save(client, record, words: dict) -> None:
    address = f"{_list(record)}{record.pk}/change/"
    answer = client.post(address, filled(client.get(address)) | words)
    assert answer.status_code == 302, errors(answer)


def _words(record) -> dict[str, str]:
    opts = record._meta
    return WORDS[f"{opts.app_label}/{opts.model_name}"]


def _say(client, record, action: str) -> None:
    reviewing.decide(client, action, record)


@pytest.mark.parametrize("code", KINDS)
def test_change_to_a_public_record_is_not_public(code, client, editor):
    record = states.published(_made(code))
    ((name, word),) = _words(record).items()

    _save(client, record, {name: word})

    record.refresh_from_db()
    assert getattr(record, name) != word
    assert Change.objects.filter(kind=code, action="updated").count() == 0
    waiting = Proposal.objects.get(
        content_type=ContentType.objects.get_for_model(record), object_id=record.pk
    )
    assert waiting.wanted["values"][name] == word


@pytest.mark.parametrize("code", KINDS)
def test_own_change_cannot_be_accepted(code, client, editor):
    record = states.published(_made(code))
    _save(client, record, _words(record))
    waiting = Proposal.objects.get()

    reviewing.decide_proposal(client, "_accept", waiting)

    waiting.refresh_from_db()
    record.refresh_from_db()
    assert waiting.state == "waiting"
    assert record.revision == 1


@pytest.mark.parametrize("code", KINDS)
def test_own_draft_cannot_be_approved(code, client, editor):
    record = _made(code)
    _save(client, record, _words(record))
    _say(client, record, "submit")

    _say(client, record, "approve")

    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW


@pytest.mark.parametrize("code", KINDS)
def test_another_person_approves_and_accepts(code, client, editor):
    record = _made(code)
    _save(client, record, _words(record))
    operations.submit(record, by=editor, at=states.AT)
    client.force_login(states.staff("sample.reviewer", is_superuser=True))

    _say(client, record, "approve")

    record.refresh_from_db()
    assert record.status == Status.PUBLISHED
