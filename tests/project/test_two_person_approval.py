"""Two-person approval: one person alone can make no record of any kind public."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from portal.content.catalogue.registry import all_kinds
from portal.content.changes.models import Change
from portal.content.publishing import operations
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Proposal
from tests import reviewing
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.kind_factories import days_of
from tests.project.related_records import fresh
from tests.project.reviewed_content import decide, save
from tests.project.test_audit_coverage import WORDS

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


def test_edit_of_published_record_is_not_public_before_approval(client, editor):
    with collect_failures() as failures:
        for code in KINDS:
            with failures.isolated_case(code):
                record = states.published(_create(code))
                ((name, text),) = _changed_text(record).items()

                save(client, record, {name: text})

                record.refresh_from_db()
                assert getattr(record, name) != text
                changes = Change.objects.filter(kind=code, action="updated")
                assert changes.count() == 0
                assert _proposal_of(record).wanted["values"][name] == text


def _proposal_of(record) -> Proposal:
    content_type = ContentType.objects.get_for_model(record)
    return Proposal.objects.get(content_type=content_type, object_id=record.pk)


def test_author_cannot_accept_own_proposal(client, editor):
    with collect_failures() as failures:
        for code in KINDS:
            with failures.isolated_case(code):
                record = states.published(_create(code))
                save(client, record, _changed_text(record))
                proposal = Proposal.objects.get()

                reviewing.decide_proposal(client, "_accept", proposal)

                proposal.refresh_from_db()
                record.refresh_from_db()
                assert proposal.state == "waiting"
                assert record.revision == 1


def test_author_cannot_approve_own_draft(client, editor):
    with collect_failures() as failures:
        for code in KINDS:
            with failures.isolated_case(code):
                record = _create(code)
                save(client, record, _changed_text(record))
                decide(client, "submit", record)

                decide(client, "approve", record)

                record.refresh_from_db()
                assert record.status == Status.IN_REVIEW


def test_second_person_can_approve_and_accept(client, editor):
    reviewer = Client()
    reviewer.force_login(states.staff("sample.reviewer", is_superuser=True))

    with collect_failures() as failures:
        for code in KINDS:
            with failures.isolated_case(code):
                record = _create(code)
                save(client, record, _changed_text(record))
                operations.submit(record, by=editor, at=states.AT)

                decide(reviewer, "approve", record)

                record.refresh_from_db()
                assert record.status == Status.PUBLISHED
