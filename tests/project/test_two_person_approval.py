"""Two-person approval: one person alone can make no record of any kind public."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from portal.content.catalogue.registry import all_kinds
from portal.content.changes.models import Change
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Proposal
from tests import reviewing
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.kind_factories import days_of
from tests.project.related_records import fresh
from tests.project.reviewed_content import decide, save, status_of, stored
from tests.project.test_audit_coverage import WORDS
from tests.unrendered_pages import unrendered

pytestmark = pytest.mark.django_db

KINDS = [kind.code for kind in all_kinds()]


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def editor(client):
    """A superuser, who still needs another person's approval."""
    user = states.staff("sample.editor", is_superuser=True)
    client.force_login(user)
    return user


def _kind(code: str):
    return next(kind for kind in all_kinds() if kind.code == code)


def _create(code: str):
    kind = _kind(code)
    return fresh(kind.model, **days_of(kind))


def _changed_text(record) -> dict[str, str]:
    opts = record._meta
    return WORDS[f"{opts.app_label}/{opts.model_name}"]


def test_edit_of_published_record_waits_for_another_person(client, editor):
    with collect_failures() as failures:
        for code in KINDS:
            with failures.isolated_case(code):
                record = states.published(_create(code))
                ((name, text),) = _changed_text(record).items()

                save(client, record, {name: text})

                with failures.case(code, "the edit is not public"):
                    assert getattr(stored(record), name) != text
                    changes = Change.objects.filter(kind=code, action="updated")
                    assert changes.count() == 0
                    assert _proposal_of(record).wanted["values"][name] == text
                with failures.case(code, "its author cannot accept it"):
                    proposal = _proposal_of(record)
                    with unrendered():
                        reviewing.decide_proposal(client, "_accept", proposal)
                    assert stored(proposal).state == "waiting"
                    assert stored(record).revision == 1
                    assert getattr(stored(record), name) != text


def _proposal_of(record) -> Proposal:
    content_type = ContentType.objects.get_for_model(record)
    return Proposal.objects.get(content_type=content_type, object_id=record.pk)


def test_draft_is_approved_by_another_person_only(client, editor):
    reviewer = Client()
    reviewer.force_login(states.staff("sample.reviewer", is_superuser=True))

    with collect_failures() as failures:
        for code in KINDS:
            with failures.isolated_case(code):
                record = _create(code)
                save(client, record, _changed_text(record))
                decide(client, "submit", record)
                assert status_of(record) == Status.IN_REVIEW

                with failures.case(code, "its author cannot approve it"):
                    decide(client, "approve", record)
                    assert status_of(record) == Status.IN_REVIEW
                with failures.case(code, "another person can approve it"):
                    decide(reviewer, "approve", record)
                    assert status_of(record) == Status.PUBLISHED
