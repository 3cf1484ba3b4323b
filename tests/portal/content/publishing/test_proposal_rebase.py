"""Open proposals are adjusted to an edit of their record by a program."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.publishing.models import Proposal
from portal.content.publishing.operations import register_edit
from portal.content.publishing.proposal_rebase import (
    lock_open_proposals,
    rebase_proposal,
)
from portal.content.review import operations as review
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.core.audit.snapshots import take_snapshot
from seminars.models import Seminar
from tests import reviewing
from tests.factories.publishing import (
    AT,
    actor,
    proposal,
    published,
    published_together,
    staff,
)
from tests.factories.seminars import seminar, session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_persons(settings):
    settings.TWO_PERSON_APPROVAL = True


def test_child_rows_of_the_proposal_and_of_the_program_are_both_accepted():
    record = seminar(title_en="Old", title_zh_hans="旧")
    for title in ("A", "B", "C"):
        session(record, title_en=title)
    published(record)
    base = take_snapshot(record, record.child_relations)
    with rolled_back_transaction():
        record.sessions.filter(title_en="A").update(title_en="A, proposed")
        record.sessions.get(title_en="B").delete()
        session(record, title_en="D, proposed")
        wanted = take_snapshot(record, record.child_relations)
    author = staff("sample.author")
    waiting = review.propose(
        record, base=base, proposed=wanted, public_note={}, by=author, at=AT
    )

    record.sessions.filter(title_en="A").update(title_zh_hans="甲")
    record.sessions.filter(title_en="C").update(title_en="C, loaded")
    session(record, title_en="E, loaded")
    Seminar.objects.update(title_zh_hans="新")
    record.refresh_from_db()
    after = take_snapshot(record, record.child_relations)
    (locked,) = lock_open_proposals([record]).values()
    rebase_proposal(locked, before=base, after=after)
    register_edit(record, by=actor("record"), at=AT, before=base)
    waiting.refresh_from_db()
    reviewing.accept(waiting, by=staff("sample.reviewer"), at=AT)

    stored = Seminar.objects.get()
    assert (stored.title_en, stored.title_zh_hans) == ("Old", "新")
    assert set(stored.sessions.values_list("title_en", "title_zh_hans")) == {
        ("A, proposed", "甲"),
        ("C, loaded", ""),
        ("E, loaded", ""),
        ("D, proposed", ""),
    }


def test_proposals_of_other_records_are_not_locked():
    first, second, third = published_together(*(seminar() for _ in range(3)))
    for record in (first, third):
        proposal(record)
    reviewing.discard(
        Proposal.objects.get(object_id=third.pk), by=staff("sample.reviewer"), at=AT
    )

    with CaptureQueriesContext(connection) as captured:
        proposals = lock_open_proposals([first, second, third])

    assert [record.pk for record in proposals] == [first.pk]
    assert len(captured) == 1
